"""The package's enums. Their members are `str`, so `Outcome.DELIVERED == "delivered"`."""

from __future__ import annotations

from enum import StrEnum


class Dialect(StrEnum):
    """Which modules a session talks to."""

    SIM800 = "sim800"
    SIM800E = "sim800e"
    SIM7000 = "sim7000"
    KINGCOM = "kingcom"
    A7600 = "a7600"
    RDA8955 = "rda8955"


class Action(StrEnum):
    """The session's commands, as `Done` and `Failed` name them."""

    PROBE = "probe"
    SIM = "sim"
    SIGNAL = "signal"
    REGISTRATION = "registration"
    ATTACH = "attach"
    DETACH = "detach"
    ADDRESS = "address"
    OPEN = "open"
    SEND = "send"
    CLOSE = "close"
    SHUT = "shut"
    RESOLVE = "resolve"
    STATUS = "status"
    RAW = "raw"
    LISTEN = "listen"
    UNLISTEN = "unlisten"
    ACKNOWLEDGED = "acknowledged"
    ROOM = "room"
    CONTEXT = "context"
    UDP_PEER = "udp_peer"
    ENTER_DATA = "enter_data"
    LEAVE_DATA = "leave_data"
    SET = "set"
    ASK = "ask"
    SLEEP = "sleep"
    WAKE = "wake"


class Setting(StrEnum):
    """The settings of a module, by the names of their commands: `CIPCCFG` is `AT+CIPCCFG`; `DCD`, `DTR` and `WRITE` are
    `AT&C`, `AT&D` and `AT&W`."""

    CDNSCFG = "cdnscfg"
    CFUN = "cfun"
    CGACT = "cgact"
    CGATT = "cgatt"
    CGDCONT = "cgdcont"
    CGREG = "cgreg"
    CIPATS = "cipats"
    CIPCCFG = "cipccfg"
    CIPCSGP = "cipcsgp"
    CIPDPDP = "cipdpdp"
    CIPHEAD = "ciphead"
    CIPMODE = "cipmode"
    CIPMUX = "cipmux"
    CIPQSEND = "cipqsend"
    CIPRXGET = "ciprxget"
    CIPSCONT = "cipscont"
    CIPSENDMODE = "cipsendmode"
    CIPSHOWTP = "cipshowtp"
    CIPSPRT = "cipsprt"
    CIPSRIP = "cipsrip"
    CIPTIMEOUT = "ciptimeout"
    CIPUDPMODE = "cipudpmode"
    CLPORT = "clport"
    CMEE = "cmee"
    CREG = "creg"
    CSCLK = "csclk"
    CSTT = "cstt"
    IFC = "ifc"
    DCD = "dcd"
    DTR = "dtr"
    WRITE = "write"


class Outcome(StrEnum):
    """How sure a sent payload is."""

    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a command failed."""

    ERROR = "error"
    CME = "cme"
    CMS = "cms"
    IP = "ip"
    ERR = "err"
    CONNECT_FAIL = "connect_fail"
    ALREADY_CONNECTED = "already_connected"
    DNS = "dns"
    NO_RESPONSE = "no_response"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"


class Remedy(StrEnum):
    """What to do next about a failure."""

    NONE = "none"
    RETRY = "retry"
    REOPEN = "reopen"
    SHUT = "shut"
    RESTART = "restart"


class Closing(StrEnum):
    """Why a link is gone."""

    LOCAL = "local"
    PEER = "peer"
    NETWORK = "network"
    RESTART = "restart"
    UNSAID = "unsaid"


class Loss(StrEnum):
    """What was lost."""

    PAYLOAD = "payload"
    UNREAD = "unread"


class LinkState(StrEnum):
    """A link's state, in a row of `status`."""

    INITIAL = "initial"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    REMOTE_CLOSING = "remote_closing"
    CLOSING = "closing"
    CLOSED = "closed"
    OTHER = "other"


class Reason(StrEnum):
    """Why a session waits."""

    ANSWER = "answer"
    GAP = "gap"
    PAUSE = "pause"
    POLL = "poll"
    DRAIN = "drain"


class Refusal(StrEnum):
    """Why a call was not taken."""

    NOT_IN_DIALECT = "not_in_dialect"
    BUSY = "busy"
    NO_SUCH_LINK = "no_such_link"
    LINK_IN_USE = "link_in_use"
    NOT_OPEN = "not_open"
    BAD_TEXT = "bad_text"
    BAD_LENGTH = "bad_length"
    PAYLOAD_LENGTH = "payload_length"
    UNSENDABLE = "unsendable"
    SMALL_BUFFER = "small_buffer"
    UNLIMITED = "unlimited"
    FRAMING = "framing"
    STATE = "state"
    DESTINATION = "destination"


class ReportKind(StrEnum):
    """What a line or a payload of the module says."""

    OK = "Ok"
    ERROR = "Error"
    CME_ERROR = "CmeError"
    CMS_ERROR = "CmsError"
    IP_ERROR = "IpError"
    CIP_ERROR = "CipError"
    PROMPT = "Prompt"
    CONNECT_OK = "ConnectOk"
    CONNECT_FAIL = "ConnectFail"
    ALREADY_CONNECTED = "AlreadyConnected"
    DATA_MODE = "DataMode"
    SEND_OK = "SendOk"
    SEND_FAIL = "SendFail"
    DATA_ACCEPT = "DataAccept"
    RX_PENDING = "RxPending"
    RX_AVAIL = "RxAvail"
    DATA = "Data"
    CLOSED = "Closed"
    CLOSE_OK = "CloseOk"
    CLOSE_ERR = "CloseErr"
    SHUT = "Shut"
    NET_OPEN = "NetOpen"
    NET_CLOSE = "NetClose"
    NET_STATE = "NetState"
    NET_LOST = "NetLost"
    PDP_DEACT = "PdpDeact"
    STATE = "State"
    LINK_STATE = "LinkState"
    SERVER_STATE = "ServerState"
    LINK_VECTOR = "LinkVector"
    LOCAL_IP = "LocalIp"
    DNS = "Dns"
    DNS_FAIL = "DnsFail"
    SERVER_OK = "ServerOk"
    SERVER_CLOSE = "ServerClose"
    SERVER_STOPPED = "ServerStopped"
    ACCEPTED = "Accepted"
    BOOT = "Boot"
    POWER_DOWN = "PowerDown"
    POWER_WARN = "PowerWarn"
    SIGNAL = "Signal"
    REGISTRATION = "Registration"
    SIM = "Sim"
    ATTACH = "Attach"
    ACK = "Ack"
    RING = "Ring"
    SMS = "Sms"
    LINE = "Line"
    LOST = "Lost"
    NO_FINAL = "NoFinal"


#: What the native module looks members up in.
MEMBERS: dict[str, dict[str, StrEnum]] = {
    enum.__name__: {member.value: member for member in enum}
    for enum in (
        Dialect,
        Action,
        Outcome,
        Why,
        Remedy,
        Closing,
        Loss,
        LinkState,
        Reason,
        Refusal,
        ReportKind,
    )
}
