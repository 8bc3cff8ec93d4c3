"""The session's events under one name."""

from __future__ import annotations

from typing import TypeAlias

from . import _core

Event: TypeAlias = (
    _core.Ready
    | _core.Done
    | _core.Failed
    | _core.Opened
    | _core.Accepted
    | _core.Sent
    | _core.Received
    | _core.PeerClosed
    | _core.Closed
    | _core.LinkStatus
    | _core.NetworkDown
    | _core.Registration
    | _core.Restarted
    | _core.Power
    | _core.Ring
    | _core.Sms
    | _core.Line
    | _core.Lost
    | _core.Other
)
