#!/bin/sh
# ModemManager over the pty $1, on a bus and with rules of its own; $2 is a folder for its files. Run it as
# `dbus-run-session -- unshare --mount sh modemmanager.sh PTY FOLDER`, as root: ModemManager takes serial ports of known names
# only, so the pty stands in the place of /dev/ttyS0, for this process and its children.
set -eu
mount --bind "$1" /dev/ttyS0
mkdir -p "$2/rules"
cp /usr/lib/udev/rules.d/*-mm-*.rules "$2/rules"
echo 'KERNEL=="ttyS0", ENV{ID_MM_DEVICE_PROCESS}="1"' > "$2/rules/78-mm-pty.rules"
mount --bind "$2/rules" /usr/lib/udev/rules.d
echo 'action=add,subsystem=tty,name=ttyS0,uid=virtual' > "$2/events"
export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"
PATH=$PATH:/usr/sbin
ModemManager --debug --test-session --test-no-udev --test-no-suspend-resume --no-auto-scan \
    --initial-kernel-events="$2/events" > "$2/log" 2>&1 &
manager=$!
trap 'kill $manager; wait $manager || true' EXIT
tries=150
until mmcli -L | grep -q /Modem/; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { tail -n 20 "$2/log" >&2; exit 1; }
    sleep 1
done
mmcli -m any
