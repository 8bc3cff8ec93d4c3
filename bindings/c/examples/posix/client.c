/* A TCP client through a module on a serial port: sends what it is given, prints what comes back, ends when the peer closes or
   nothing has come for two seconds.

       cc -I../../../../include client.c -lsimcom -o client
       ./client /dev/ttyUSB0 sim7000 example.com 80 'GET / HTTP/1.0

       '
   or, without a module: simcom emulate --dialect sim7000 --pty   and the path that it prints. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "simcom.h"

enum { IDLE_MS = 2000 };

typedef enum { PROBE, ATTACH, OPEN, SEND, TALK, CLOSE, END } state;

static simcom_session session;
static uint8_t buffer[2048];
static state at = PROBE;
static uint32_t last_ms; /* When data last came. */
static const char *payload;

static uint32_t now_ms(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)t.tv_sec * 1000U + (uint32_t)(t.tv_nsec / 1000000);
}

static void fail(const char *what, const char *why) {
    (void)fprintf(stderr, "client: %s: %s\n", what, why);
    exit(1);
}

static void must(simcom_result result, const char *what) {
    if (result != SIMCOM_OK) {
        fail(what, simcom_strerror(result));
    }
}

static int open_port(const char *path) {
    struct termios settings;
    int port = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (port < 0 || tcgetattr(port, &settings) != 0) {
        fail(path, strerror(errno));
    }
    cfmakeraw(&settings);
    (void)cfsetspeed(&settings, B115200);
    settings.c_cflag |= CLOCAL | CREAD;
    if (tcsetattr(port, TCSANOW, &settings) != 0) {
        fail(path, strerror(errno));
    }
    return port;
}

static void take(const simcom_event *event) {
    size_t len;
    const uint8_t *text;
    switch (event->kind) {
    case SIMCOM_EVENT_DONE:
        if (event->action == SIMCOM_ACTION_PROBE) {
            at = ATTACH;
        } else if (event->action == SIMCOM_ACTION_ATTACH) {
            at = OPEN;
        }
        break;
    case SIMCOM_EVENT_OPENED:
        at = SEND;
        break;
    case SIMCOM_EVENT_SENT:
        if (event->outcome != SIMCOM_DELIVERED && event->outcome != SIMCOM_ACCEPTED) {
            fail("send", "the module did not take it");
        }
        break;
    case SIMCOM_EVENT_RECEIVED:
        (void)fwrite(event->data, 1, event->len, stdout);
        last_ms = now_ms();
        break;
    case SIMCOM_EVENT_CLOSED:
        at = END;
        break;
    case SIMCOM_EVENT_FAILED:
        text = simcom_session_text(&session, &len);
        (void)fprintf(stderr, "client: failed: action %u, step %u, why %u, code %u, remedy %u: %.*s\n", event->action,
                      event->step, event->why, event->code, event->remedy, (int)len, (const char *)text);
        exit(1);
    default:
        break;
    }
}

/* Gives the next command, when the session takes one. */
static void go_on(char **arguments) {
    uint32_t now = now_ms();
    if (simcom_session_is_ready(&session) == 0) {
        return;
    }
    switch (at) {
    case PROBE:
        must(simcom_session_probe(&session, now), "probe");
        break;
    case ATTACH:
        must(simcom_session_attach(&session, now, 0, "internet", NULL, NULL), "attach");
        break;
    case OPEN:
        must(simcom_session_open(&session, now, 0, SIMCOM_TCP, arguments[3], (uint16_t)atoi(arguments[4]), 0), "open");
        at = TALK;
        break;
    case SEND:
        must(simcom_session_send(&session, now, 0, (const uint8_t *)payload, strlen(payload), NULL), "send");
        at = TALK;
        last_ms = now;
        break;
    case CLOSE:
        must(simcom_session_close(&session, now, 0, SIMCOM_CLOSE_SLOW), "close");
        at = TALK;
        break;
    case TALK:
    case END:
        break;
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        (void)fprintf(stderr, "usage: client PORT DIALECT HOST PORT TEXT\n");
        return 2;
    }
    const simcom_dialect *dialect = simcom_dialect_by_name(argv[2]);
    if (dialect == NULL) {
        fail(argv[2], "no such dialect");
    }
    int port = open_port(argv[1]);
    int closing = 0;
    payload = argv[5];
    must(simcom_session_init(&session, SIMCOM_ABI, dialect, NULL, buffer, sizeof buffer, now_ms()), "init");
    while (at != END) {
        uint8_t bytes[512];
        size_t len;
        ssize_t n = read(port, bytes, sizeof bytes);
        const uint8_t *in = bytes;
        size_t left = n > 0 ? (size_t)n : 0;
        simcom_event event;
        while (simcom_session_poll(&session, now_ms(), &in, &left, &event) == 1) {
            take(&event);
        }
        if (at == TALK && last_ms != 0 && closing == 0 && now_ms() - last_ms > IDLE_MS) {
            closing = 1;
            at = CLOSE;
        }
        go_on(argv);
        const uint8_t *out = simcom_session_transmit(&session, &len);
        if (len > 0 && (n = write(port, out, len)) > 0) {
            must(simcom_session_transmitted(&session, now_ms(), (size_t)n), "transmitted");
        }
        (void)simcom_session_transmit(&session, &len);
        uint32_t wait = simcom_session_wait_ms(&session, now_ms());
        wait = wait < 100 ? wait : 100;
        struct pollfd ready = {port, (short)(len > 0 ? POLLIN | POLLOUT : POLLIN), 0};
        (void)poll(&ready, 1, (int)wait);
    }
    (void)close(port);
    return 0;
}
