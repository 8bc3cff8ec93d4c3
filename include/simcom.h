/* simcom.h: the C interface of simcom-at.
   Written by cargo xtask header from bindings/c; do not edit.

   A session speaks the AT commands of one cellular module. It has no input or output of its own: give it the bytes that
   came and the time (simcom_session_poll), send the bytes it has (simcom_session_transmit, _transmitted), and poll it
   again after simcom_session_wait_ms. Nothing calls back, nothing is allocated, nothing is global.

   Pointers. NULL is an error, or means what the function says. Otherwise a pointer must point to what its type and length
   say, and be the only user of it during the call. Texts end in NUL. What a function returns as a pointer lives as long as
   it says.
   Sizes. Structs that grow have their size as first member; _init takes SIMCOM_ABI, so that a header and a library that do
   not belong together are found out.
   Numbers. All are of fixed width; the enums are names of constants, and members that hold one are uint8_t. Times are
   milliseconds of any clock that goes forward; they may wrap.
   Threads and interrupts. Calls on different objects are independent. Calls on the same object must not overlap: let the
   interrupt fill a ring buffer, and poll from one place. Functions take bounded time and never wait.
   Errors. A result that is not 0 means that nothing has changed.

   SIMCOM_HOST: define it as 1, on a host with an operating system, for the virtual modem, the observer and the recorder. */

#ifndef SIMCOM_H
#define SIMCOM_H

#include <stddef.h>
#include <stdint.h>

#ifndef SIMCOM_HOST
#define SIMCOM_HOST 0
#endif

#define SIMCOM_VERSION_MAJOR 0
#define SIMCOM_VERSION_MINOR 1
#define SIMCOM_VERSION_PATCH 0
#define SIMCOM_VERSION "0.1.0"

/* simcom_session_receive: no limit. */
#define SIMCOM_NO_LIMIT UINT16_MAX

/* link of an event or a report: there is none, or the module did not name it. */
#define SIMCOM_NO_LINK 255

/* code of a failure: the module gave no number; its text is simcom_session_text. */
#define SIMCOM_CODE_TEXT UINT16_MAX

/* The size of a reader, in words of 8 bytes. */
#define SIMCOM_READER_WORDS 25

/* link of a report: single-connection mode, no number on the wire. */
#define SIMCOM_LINK_SINGLE 254

/* link of a report: data mode. */
#define SIMCOM_LINK_DATA 253

/* link of a report: the wire names no link although there are several. */
#define SIMCOM_LINK_UNNAMED 252

/* has of a report: number[0] is set. */
#define SIMCOM_HAS_FIRST 1

/* has of a report: number[1] is set. */
#define SIMCOM_HAS_SECOND 2

/* has of a report: number[2] is set. */
#define SIMCOM_HAS_THIRD 4

/* has of a report: ip is set. */
#define SIMCOM_HAS_IP 8

/* has of a report: port is set. */
#define SIMCOM_HAS_PORT 16

/* has of a report: it is about TCP. */
#define SIMCOM_HAS_TCP 32

/* has of a report: it is about UDP. */
#define SIMCOM_HAS_UDP 64

/* has of a report: the payload is hex digits. */
#define SIMCOM_HAS_HEX 128

/*
 The version of this interface. simcom_session_init and simcom_reader_init take it, so that a header and a library
 that do not belong together are found out at the start.
 */
#define SIMCOM_ABI 1

/* The size of a session, in words of 8 bytes. It may change with SIMCOM_ABI only. */
#define SIMCOM_SESSION_WORDS 64

/* simcom_session_wait_ms: nothing is due, wait for bytes. */
#define SIMCOM_FOREVER UINT32_MAX

/* number of a field that is left out: the module keeps what it has, or takes its default. */
#define SIMCOM_SKIP UINT32_MAX

/* The most fields of one setting. */
#define SIMCOM_FIELDS 8

/* What a function returns: 0, or why nothing was done. Whenever it is not 0, nothing has changed. */
enum simcom_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Taken. */
    SIMCOM_OK = 0,
    /* The dialect's document has no such command. */
    SIMCOM_NOT_IN_DIALECT = -1,
    /*
     An earlier command still holds the line, or this link, resolver or context waits for its result. Wait for
     SIMCOM_EVENT_READY, or for the link's result.
     */
    SIMCOM_BUSY = -2,
    /* The number is not a link of this dialect. */
    SIMCOM_NO_SUCH_LINK = -3,
    /* open on a link that is not free. */
    SIMCOM_LINK_IN_USE = -4,
    /* The link is not open. */
    SIMCOM_NOT_OPEN = -5,
    /* Text with a quote, a line end, another control byte, or a byte that is not ASCII. */
    SIMCOM_BAD_TEXT = -6,
    /* Text or a host name that is too long for the dialect, or empty where it may not be. */
    SIMCOM_BAD_LENGTH = -7,
    /* The payload is empty or longer than one send takes; see simcom_session_max_payload. */
    SIMCOM_PAYLOAD_LENGTH = -8,
    /* A dialect that ends payload by Ctrl-Z cannot carry the bytes 0x1A and 0x1B. */
    SIMCOM_UNSENDABLE = -9,
    /* The session's buffer is too small for this command; simcom_session_needed says how large it must be. */
    SIMCOM_SMALL_BUFFER = -10,
    /* A limit on pushed data: the module cannot hold it back. */
    SIMCOM_UNLIMITED = -11,
    /* It would break the framing of an open link. */
    SIMCOM_FRAMING = -12,
    /* Wrong in the present mode or state: attach first, close the links first. */
    SIMCOM_STATE = -13,
    /* A UDP destination is missing, or is given where it cannot be. */
    SIMCOM_DESTINATION = -14,
    /* Refused for a reason that this header does not know. */
    SIMCOM_REFUSED = -99,
    /* A pointer is NULL that must not be, or is not aligned. */
    SIMCOM_NULL = -100,
    /* Header and library do not belong together. */
    SIMCOM_BAD_ABI = -101,
    /* The size of a struct, or a length, is wrong. */
    SIMCOM_BAD_SIZE = -102,
    /* A number is none of its constants. */
    SIMCOM_BAD_VALUE = -103,
    /* The object was not initialised. */
    SIMCOM_NOT_INITIALISED = -104,
    /* Time stands still in the virtual modem: an error of the library. */
    SIMCOM_LIVELOCK = -105,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_result simcom_result;
#else
typedef int32_t simcom_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* Why a session wants to be polled. */
enum simcom_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* It does not. */
    SIMCOM_REASON_NONE = 0,
    /* A final result, a prompt or a later result is due. */
    SIMCOM_REASON_ANSWER = 1,
    /* A payload or a held line has a gap. */
    SIMCOM_REASON_GAP = 2,
    /* The pause after a final result. */
    SIMCOM_REASON_PAUSE = 3,
    /* The poll timer for notices that may have been lost. */
    SIMCOM_REASON_POLL = 4,
    /* A closed link waits for credit. */
    SIMCOM_REASON_DRAIN = 5,
    /* A reason that this header does not know. */
    SIMCOM_REASON_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_reason simcom_reason;
#else
typedef uint8_t simcom_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* The transport of a link. */
enum simcom_transport
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* TCP. */
    SIMCOM_TCP = 0,
    /* UDP. */
    SIMCOM_UDP = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_transport simcom_transport;
#else
typedef uint8_t simcom_transport;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* How to close a link. */
enum simcom_how
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Wait for the peer's acknowledgement, where the dialect tells the two apart. */
    SIMCOM_CLOSE_SLOW = 0,
    /* At once. */
    SIMCOM_CLOSE_QUICK = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_how simcom_how;
#else
typedef uint8_t simcom_how;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* What an event is. */
enum simcom_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* The line is free: the next command may be given. */
    SIMCOM_EVENT_READY = 1,
    /* A command ended well. action, link; value and what it stands for. */
    SIMCOM_EVENT_DONE = 2,
    /* A command ended badly. action, link, step, why, code, remedy; the module's line is simcom_session_text. */
    SIMCOM_EVENT_FAILED = 3,
    /* A link is open. link. */
    SIMCOM_EVENT_OPENED = 4,
    /* A peer opened a link to our server. link, ip, port (0 where the module does not say it). */
    SIMCOM_EVENT_ACCEPTED = 5,
    /* A send has ended. link, outcome, number[0]: how many bytes it is about. */
    SIMCOM_EVENT_SENT = 6,
    /* Payload. link, data, len; left: bytes of this payload that still come; with has_address the sender. */
    SIMCOM_EVENT_RECEIVED = 7,
    /* The peer has closed; unread data may still follow, then CLOSED. link. */
    SIMCOM_EVENT_PEER_CLOSED = 8,
    /* The last event of a link. link, why (SIMCOM_CLOSED_…), flag: 1 when it is certain, 0 when inferred. */
    SIMCOM_EVENT_CLOSED = 9,
    /* A row of status. link, state. */
    SIMCOM_EVENT_LINK_STATUS = 10,
    /* A context or the network is gone. number[0]: which context. */
    SIMCOM_EVENT_NETWORK_DOWN = 11,
    /* A registration notice. state: 0 to 5, 1 home, 5 roaming; flag: 1 for +CGREG, 0 for +CREG. */
    SIMCOM_EVENT_REGISTRATION = 12,
    /* The module has started anew; all links are closed. */
    SIMCOM_EVENT_RESTARTED = 13,
    /* A power warning. flag: 1 when the module switches off. */
    SIMCOM_EVENT_POWER = 14,
    /* A call comes in. */
    SIMCOM_EVENT_RING = 15,
    /* A message came in. number[0]: its number in the store. */
    SIMCOM_EVENT_SMS = 16,
    /* A line that the session does not use; it is simcom_session_text. flag: 1 when another piece of it follows. */
    SIMCOM_EVENT_LINE = 17,
    /* Bytes that are lost. why (SIMCOM_LOST_…), link, number[0]: how many. */
    SIMCOM_EVENT_LOST = 18,
    /* An event that this header does not know. */
    SIMCOM_EVENT_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_event_kind simcom_event_kind;
#else
typedef uint8_t simcom_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* The commands, named in DONE and FAILED. */
enum simcom_action
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    SIMCOM_ACTION_NONE = 0,
    SIMCOM_ACTION_PROBE = 1,
    SIMCOM_ACTION_SIM = 2,
    SIMCOM_ACTION_SIGNAL = 3,
    SIMCOM_ACTION_REGISTRATION = 4,
    SIMCOM_ACTION_ATTACH = 5,
    SIMCOM_ACTION_DETACH = 6,
    SIMCOM_ACTION_ADDRESS = 7,
    SIMCOM_ACTION_OPEN = 8,
    SIMCOM_ACTION_SEND = 9,
    SIMCOM_ACTION_CLOSE = 10,
    SIMCOM_ACTION_SHUT = 11,
    SIMCOM_ACTION_RESOLVE = 12,
    SIMCOM_ACTION_STATUS = 13,
    SIMCOM_ACTION_RAW = 14,
    SIMCOM_ACTION_LISTEN = 15,
    SIMCOM_ACTION_UNLISTEN = 16,
    SIMCOM_ACTION_ACKNOWLEDGED = 17,
    SIMCOM_ACTION_ROOM = 18,
    SIMCOM_ACTION_CONTEXT = 19,
    SIMCOM_ACTION_UDP_PEER = 20,
    SIMCOM_ACTION_ENTER_DATA = 21,
    SIMCOM_ACTION_LEAVE_DATA = 22,
    SIMCOM_ACTION_SET = 23,
    SIMCOM_ACTION_ASK = 24,
    SIMCOM_ACTION_SLEEP = 25,
    SIMCOM_ACTION_WAKE = 26,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_action simcom_action;
#else
typedef uint8_t simcom_action;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* How sure a sent payload is. */
enum simcom_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* No send. */
    SIMCOM_OUTCOME_NONE = 0,
    /* The peer's TCP has acknowledged it. */
    SIMCOM_DELIVERED = 1,
    /* The module took number[0] bytes; less than given: the link is unusable afterwards. */
    SIMCOM_ACCEPTED = 2,
    /* Nothing was sent. */
    SIMCOM_NOT_SENT = 3,
    /* Between none and number[0] bytes were sent. */
    SIMCOM_UNKNOWN = 4,
    /* An outcome that this header does not know. */
    SIMCOM_OUTCOME_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_outcome simcom_outcome;
#else
typedef uint8_t simcom_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* What DONE answers. */
enum simcom_value
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Nothing but success. */
    SIMCOM_VALUE_NONE = 0,
    /* ip. */
    SIMCOM_VALUE_ADDRESS = 1,
    /* ip, and with has_address a second one in ip2. */
    SIMCOM_VALUE_ADDRESSES = 2,
    /* number[0]: rssi, 0 to 31 or 99; number[1]: ber, 0 to 7 or 99. */
    SIMCOM_VALUE_SIGNAL = 3,
    /* state: 0 to 5; 1 home, 5 roaming. */
    SIMCOM_VALUE_REGISTRATION = 4,
    /* flag: 1 when the SIM is ready; its text is simcom_session_text. */
    SIMCOM_VALUE_SIM = 5,
    /* number[0]: bytes that one send takes now. */
    SIMCOM_VALUE_ROOM = 6,
    /* number[0]: bytes of this link that were sent; number[1]: that the peer has acknowledged. */
    SIMCOM_VALUE_ACK = 7,
    /* An answer that this header does not know. */
    SIMCOM_VALUE_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_value simcom_value;
#else
typedef uint8_t simcom_value;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* why of FAILED. */
enum simcom_why
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* It did not fail. */
    SIMCOM_WHY_NONE = 0,
    /* ERROR. */
    SIMCOM_WHY_ERROR = 1,
    /* +CME ERROR, code. */
    SIMCOM_WHY_CME = 2,
    /* +CMS ERROR, code. */
    SIMCOM_WHY_CMS = 3,
    /* +IP ERROR, code. */
    SIMCOM_WHY_IP = 4,
    /* <err> of +CIPOPEN, +NETOPEN, +CIPERROR and their kind, code. */
    SIMCOM_WHY_ERR = 5,
    /* CONNECT FAIL. */
    SIMCOM_WHY_CONNECT_FAIL = 6,
    /* ALREADY CONNECT. */
    SIMCOM_WHY_ALREADY_CONNECTED = 7,
    /* +CDNSGIP: 0, code. */
    SIMCOM_WHY_DNS = 8,
    /* COMMAND NO RESPONSE!. */
    SIMCOM_WHY_NO_RESPONSE = 9,
    /* No answer in time. */
    SIMCOM_WHY_TIMEOUT = 10,
    /* The module restarted, or the context was lost. */
    SIMCOM_WHY_INTERRUPTED = 11,
    /* A reason that this header does not know. */
    SIMCOM_WHY_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_why simcom_why;
#else
typedef uint8_t simcom_why;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* What to do next about a failure. */
enum simcom_remedy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Nothing: the failure is the answer. */
    SIMCOM_REMEDY_NONE = 0,
    /* Give the command again. */
    SIMCOM_REMEDY_RETRY = 1,
    /* Close the link and open it again. */
    SIMCOM_REMEDY_REOPEN = 2,
    /* shut, then attach and open. */
    SIMCOM_REMEDY_SHUT = 3,
    /* Restart the module. */
    SIMCOM_REMEDY_RESTART = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_remedy simcom_remedy;
#else
typedef uint8_t simcom_remedy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* why of CLOSED. */
enum simcom_closed
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* close or shut by the caller. */
    SIMCOM_CLOSED_LOCAL = 1,
    /* The peer closed it. */
    SIMCOM_CLOSED_PEER = 2,
    /* The context or the network was lost. */
    SIMCOM_CLOSED_NETWORK = 3,
    /* The module restarted. */
    SIMCOM_CLOSED_RESTART = 4,
    /* The module says so and gave no reason, or reused its number. */
    SIMCOM_CLOSED_UNSAID = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_closed simcom_closed;
#else
typedef uint8_t simcom_closed;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* why of LOST. */
enum simcom_lost
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Bytes of a payload never came from the module. */
    SIMCOM_LOST_PAYLOAD = 1,
    /* Bytes that waited in the module were dropped with their link. */
    SIMCOM_LOST_UNREAD = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_lost simcom_lost;
#else
typedef uint8_t simcom_lost;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* state of LINK_STATUS. */
enum simcom_link_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Never used. */
    SIMCOM_LINK_INITIAL = 0,
    /* CONNECTING. */
    SIMCOM_LINK_CONNECTING = 1,
    /* CONNECTED. */
    SIMCOM_LINK_CONNECTED = 2,
    /* REMOTE CLOSING. */
    SIMCOM_LINK_REMOTE_CLOSING = 3,
    /* CLOSING. */
    SIMCOM_LINK_CLOSING = 4,
    /* CLOSED. */
    SIMCOM_LINK_CLOSED = 5,
    /* A text that the library does not know. */
    SIMCOM_LINK_OTHER = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_link_state simcom_link_state;
#else
typedef uint8_t simcom_link_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* What a line or a payload says. In brackets: number[0], number[1] …, the two texts. */
enum simcom_report_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* OK. */
    SIMCOM_REPORT_OK = 1,
    /* ERROR (text: empty, or COMMAND NO RESPONSE!). */
    SIMCOM_REPORT_ERROR = 2,
    /* +CME ERROR (number, or text). */
    SIMCOM_REPORT_CME_ERROR = 3,
    /* +CMS ERROR (number, or text). */
    SIMCOM_REPORT_CMS_ERROR = 4,
    /* +IP ERROR (number, or text). */
    SIMCOM_REPORT_IP_ERROR = 5,
    /* +CIPERROR (number, or text). */
    SIMCOM_REPORT_CIP_ERROR = 6,
    /* The module waits for payload. */
    SIMCOM_REPORT_PROMPT = 7,
    /* CONNECT OK and its kind. */
    SIMCOM_REPORT_CONNECT_OK = 8,
    /* CONNECT FAIL and its kind (err; text: the state in front). */
    SIMCOM_REPORT_CONNECT_FAIL = 9,
    /* ALREADY CONNECT. */
    SIMCOM_REPORT_ALREADY_CONNECTED = 10,
    /* CONNECT: data mode begins (text behind it). */
    SIMCOM_REPORT_DATA_MODE = 11,
    /* SEND OK, +CIPSEND (asked for, taken). */
    SIMCOM_REPORT_SEND_OK = 12,
    /* SEND FAIL and its kind. */
    SIMCOM_REPORT_SEND_FAIL = 13,
    /* DATA ACCEPT (bytes). */
    SIMCOM_REPORT_DATA_ACCEPT = 14,
    /* +CIPRXGET: 1: data waits. */
    SIMCOM_REPORT_RX_PENDING = 15,
    /* +CIPRXGET: 4 (bytes that wait). */
    SIMCOM_REPORT_RX_AVAIL = 16,
    /*
     A piece of payload: data and data_len (announced bytes, 0 without a header; bytes still to come; bytes that wait).
     */
    SIMCOM_REPORT_DATA = 17,
    /* CLOSED (reason of +IPCLOSE). */
    SIMCOM_REPORT_CLOSED = 18,
    /* CLOSE OK. */
    SIMCOM_REPORT_CLOSE_OK = 19,
    /* +CIPCLOSE: n,e (err). */
    SIMCOM_REPORT_CLOSE_ERR = 20,
    /* SHUT OK. */
    SIMCOM_REPORT_SHUT = 21,
    /* +NETOPEN: e (err). */
    SIMCOM_REPORT_NET_OPEN = 22,
    /* +NETCLOSE: e (err). */
    SIMCOM_REPORT_NET_CLOSE = 23,
    /* The answer to AT+NETOPEN? (1: open). */
    SIMCOM_REPORT_NET_STATE = 24,
    /* +CIPEVENT: NETWORK CLOSED UNEXPECTEDLY. */
    SIMCOM_REPORT_NET_LOST = 25,
    /* +PDP: DEACT. */
    SIMCOM_REPORT_PDP_DEACT = 26,
    /* STATE: … (text; first: 1 where it was not asked for). */
    SIMCOM_REPORT_STATE = 27,
    /* A link's row (context; server, 0xFFFFFFFF for a client; text: state; text2: address; port). */
    SIMCOM_REPORT_LINK_STATE = 28,
    /* The server's row (text: state; port). */
    SIMCOM_REPORT_SERVER_STATE = 29,
    /* +CIPCLOSE: f0,f1,… (how many; bit n: the n-th is not 0). */
    SIMCOM_REPORT_LINK_VECTOR = 30,
    /* The local address (text). */
    SIMCOM_REPORT_LOCAL_IP = 31,
    /* +CDNSGIP: 1 (text: name; text2: addresses as printed). */
    SIMCOM_REPORT_DNS = 32,
    /* +CDNSGIP: 0 (code). */
    SIMCOM_REPORT_DNS_FAIL = 33,
    /* SERVER OK. */
    SIMCOM_REPORT_SERVER_OK = 34,
    /* SERVER CLOSE. */
    SIMCOM_REPORT_SERVER_CLOSE = 35,
    /* +SERVERSTOP (server, err). */
    SIMCOM_REPORT_SERVER_STOPPED = 36,
    /* REMOTE IP, +CLIENT (server; text: address; port). */
    SIMCOM_REPORT_ACCEPTED = 37,
    /* A start-up line (1: the module has started anew; text). */
    SIMCOM_REPORT_BOOT = 38,
    /* … POWER DOWN (text). */
    SIMCOM_REPORT_POWER_DOWN = 39,
    /* …VOLTAGE… (text). */
    SIMCOM_REPORT_POWER_WARN = 40,
    /* +CSQ (rssi, ber). */
    SIMCOM_REPORT_SIGNAL = 41,
    /* +CREG, +CGREG (1 for +CGREG, state). */
    SIMCOM_REPORT_REGISTRATION = 42,
    /* +CPIN (text). */
    SIMCOM_REPORT_SIM = 43,
    /* +CGATT (1: attached). */
    SIMCOM_REPORT_ATTACH = 44,
    /* +CIPACK (three numbers). */
    SIMCOM_REPORT_ACK = 45,
    /* RING. */
    SIMCOM_REPORT_RING = 46,
    /* +CMTI (number in the store). */
    SIMCOM_REPORT_SMS = 47,
    /* Any other line, or a piece of a long one (1: another piece follows). */
    SIMCOM_REPORT_LINE = 48,
    /* A payload stopped short (bytes that never came). */
    SIMCOM_REPORT_LOST = 49,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_report_kind simcom_report_kind;
#else
typedef uint8_t simcom_report_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* What the host has asked and not yet had answered, where it changes the meaning of a line. */
enum simcom_ask
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* Nothing that changes a meaning. */
    SIMCOM_ASK_OTHER = 0,
    /* AT+CIPSTATUS. */
    SIMCOM_ASK_STATUS = 1,
    /* AT+CIFSR. */
    SIMCOM_ASK_ADDRESS = 2,
    /* AT+NETOPEN?. */
    SIMCOM_ASK_NET_STATE = 3,
    /* AT+CIPRXGET?, and on clones AT+CIPRXGET=1. */
    SIMCOM_ASK_RX_MODE = 4,
    /* AT+CREG?, AT+CGREG?. */
    SIMCOM_ASK_REGISTRATION = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_ask simcom_ask;
#else
typedef uint8_t simcom_ask;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

#if SIMCOM_HOST
/* What can go wrong on purpose. */
enum simcom_fault
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
#if SIMCOM_HOST
    /* The module starts anew, now. */
    SIMCOM_FAULT_RESTART = 1,

    /* The module starts anew when it has taken number bytes of the next send's payload. */
    SIMCOM_FAULT_RESTART_IN_PAYLOAD = 2,

    /* The module is deaf and dumb for number ms. */
    SIMCOM_FAULT_HANG = 3,

    /* The next final result is not printed. */
    SIMCOM_FAULT_DROP_FINAL = 4,

    /* The next final result comes number ms late. */
    SIMCOM_FAULT_LATE_FINAL = 5,

    /* The next final result is printed twice. */
    SIMCOM_FAULT_DOUBLE_FINAL = 6,

    /* The next send gets no prompt. */
    SIMCOM_FAULT_NO_PROMPT = 7,

    /* The next send fails. */
    SIMCOM_FAULT_SEND_FAIL = 8,

    /* Of the next received payload number bytes are missing at the end. */
    SIMCOM_FAULT_SHORT_PAYLOAD = 9,

    /* The PDP context number (0 or 1) is lost, now. */
    SIMCOM_FAULT_CONTEXT_LOST = 10,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_fault simcom_fault;
#else
typedef uint8_t simcom_fault;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
#endif

/* The dialects by number, for a reader. */
enum simcom_dialect_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* SIM800 series. */
    SIMCOM_DIALECT_SIM800 = 0,
    /* SIM800E. */
    SIMCOM_DIALECT_SIM800E = 1,
    /* SIM7000 series. */
    SIMCOM_DIALECT_SIM7000 = 2,
    /* Kingcom G series. */
    SIMCOM_DIALECT_KINGCOM = 3,
    /* A7600 series. */
    SIMCOM_DIALECT_A7600 = 4,
    /* Clones on the RDA8955 chip. */
    SIMCOM_DIALECT_RDA8955 = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_dialect_id simcom_dialect_id;
#else
typedef uint8_t simcom_dialect_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* A setting, by the name of its command. What it means, and which values it takes, is in the module's manual. */
enum simcom_setting
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /* AT+CDNSCFG. */
    SIMCOM_SETTING_CDNSCFG = 0,
    /* AT+CFUN. */
    SIMCOM_SETTING_CFUN = 1,
    /* AT+CGACT. */
    SIMCOM_SETTING_CGACT = 2,
    /* AT+CGATT. */
    SIMCOM_SETTING_CGATT = 3,
    /* AT+CGDCONT. */
    SIMCOM_SETTING_CGDCONT = 4,
    /* AT+CGREG. */
    SIMCOM_SETTING_CGREG = 5,
    /* AT+CIPATS. */
    SIMCOM_SETTING_CIPATS = 6,
    /* AT+CIPCCFG. */
    SIMCOM_SETTING_CIPCCFG = 7,
    /* AT+CIPCSGP. */
    SIMCOM_SETTING_CIPCSGP = 8,
    /* AT+CIPDPDP. */
    SIMCOM_SETTING_CIPDPDP = 9,
    /* AT+CIPHEAD. */
    SIMCOM_SETTING_CIPHEAD = 10,
    /* AT+CIPMODE. */
    SIMCOM_SETTING_CIPMODE = 11,
    /* AT+CIPMUX. */
    SIMCOM_SETTING_CIPMUX = 12,
    /* AT+CIPQSEND. */
    SIMCOM_SETTING_CIPQSEND = 13,
    /* AT+CIPRXGET. */
    SIMCOM_SETTING_CIPRXGET = 14,
    /* AT+CIPSCONT. */
    SIMCOM_SETTING_CIPSCONT = 15,
    /* AT+CIPSENDMODE. */
    SIMCOM_SETTING_CIPSENDMODE = 16,
    /* AT+CIPSHOWTP. */
    SIMCOM_SETTING_CIPSHOWTP = 17,
    /* AT+CIPSPRT. */
    SIMCOM_SETTING_CIPSPRT = 18,
    /* AT+CIPSRIP. */
    SIMCOM_SETTING_CIPSRIP = 19,
    /* AT+CIPTIMEOUT. */
    SIMCOM_SETTING_CIPTIMEOUT = 20,
    /* AT+CIPUDPMODE. */
    SIMCOM_SETTING_CIPUDPMODE = 21,
    /* AT+CLPORT. */
    SIMCOM_SETTING_CLPORT = 22,
    /* AT+CMEE. */
    SIMCOM_SETTING_CMEE = 23,
    /* AT+CREG. */
    SIMCOM_SETTING_CREG = 24,
    /* AT+CSCLK. */
    SIMCOM_SETTING_CSCLK = 25,
    /* AT+CSTT. */
    SIMCOM_SETTING_CSTT = 26,
    /* AT+IFC. */
    SIMCOM_SETTING_IFC = 27,
    /* AT&C. */
    SIMCOM_SETTING_DCD = 28,
    /* AT&D. */
    SIMCOM_SETTING_DTR = 29,
    /* AT&W. */
    SIMCOM_SETTING_WRITE = 30,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum simcom_setting simcom_setting;
#else
typedef uint8_t simcom_setting;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/* The wire facts of a dialect. Only pointers to it are given. */
typedef struct simcom_dialect simcom_dialect;

#if SIMCOM_HOST
/*
 A virtual module, a network in memory behind it, and a clock that goes on only when it is told to. What happens depends on
 nothing but the calls and the seed.

 Peers live by port: echo 7, discard 9, daytime 13, character generator 19, HTTP 80; every address has them. localhost,
 example.com and all of .test resolve. A connection to any other port is refused.
 */
typedef struct simcom_modem simcom_modem;

/* Reads along with both sides of a line, and knows every documented form: for tests, recordings and sniffers. */
typedef struct simcom_observer simcom_observer;

/* Records what goes over a line, as a transcript that simcom decode and the tests read. */
typedef struct simcom_recorder simcom_recorder;
#endif

/*
 A session with one module. The caller owns its memory, static or on the stack; it must not be moved or copied, and needs
 no end. Its size is the same on 32 and 64 bit. A session that is all zero is not initialised, and every function says so.
 */
typedef struct simcom_session {
    uint64_t opaque[SIMCOM_SESSION_WORDS];
} simcom_session;

/* An address and a port. */
typedef struct simcom_address {
    /* The four numbers of the address, as they are written. */
    uint8_t ip[4];
    /* The port, as a number. */
    uint16_t port;
} simcom_address;

/* A part of a report's line: offsets of its first byte and behind its last. */
typedef struct simcom_span {
    /* The first byte. */
    uint8_t start;
    /* Behind the last byte; not behind start: it is empty. */
    uint8_t end;
} simcom_span;

/* A report. simcom_report_kind says what the numbers and texts are, has which of them are set. */
typedef struct simcom_report {
    /* Payload. */
    const uint8_t *data;
    /* Bytes at data. */
    size_t data_len;
    /* The line, without its end; valid until the next call on the reader, and as long as the input. */
    const uint8_t *line;
    /* Bytes at line. */
    size_t line_len;
    /* Numbers. */
    uint32_t number[3];
    /* The sender's address. */
    uint8_t ip[4];
    /* A port. */
    uint16_t port;
    /* A part of the line. */
    struct simcom_span text;
    /* Another part of the line. */
    struct simcom_span text2;
    /* simcom_report_kind. */
    uint8_t kind;
    /* The link, SIMCOM_LINK_SINGLE, _DATA, _UNNAMED, or SIMCOM_NO_LINK. */
    uint8_t link;
    /* Which of the members are set: SIMCOM_HAS_…. */
    uint8_t has;
    /* 0. */
    uint8_t reserved[3];
} simcom_report;

/*
 A reader of one module's bytes. The caller owns its memory; it must not be moved or copied, and needs no end. All zero, it
 is not initialised.
 */
typedef struct simcom_reader {
    uint64_t opaque[SIMCOM_READER_WORDS];
} simcom_reader;

/* What the host has out on the line. */
typedef struct simcom_asked {
    /* The last command line sent, without its end, to know its echo by; NULL for none. */
    const uint8_t *echo;
    /* Bytes at echo. */
    size_t echo_len;
    /* simcom_ask. */
    uint8_t ask;
    /* 1: a prompt is due, and all bytes of the command are out. */
    uint8_t prompt;
    /* 1: +++ has been sent and its OK is due. */
    uint8_t escape;
    /* 0. */
    uint8_t reserved;
} simcom_asked;

/*
 How a session uses the module. simcom_settings_default fills it; change what you want changed.

 Every number that ends in _ms is milliseconds.
 */
typedef struct simcom_settings {
    /* sizeof(simcom_settings). */
    uint32_t size;
    /* How long a send result may take; 0: the dialect's default. */
    uint32_t send_ms;
    /* Silence after a final result, so that notices get out. */
    uint16_t pause_ms;
    /* Silence after which a payload that stopped is given up. */
    uint16_t gap_ms;
    /* How long a prompt may take. */
    uint16_t prompt_ms;
    /* How often to ask for data whose notice may have been lost; 0: never. */
    uint16_t poll_ms;
    /* How long a closed link's data waits for credit. */
    uint16_t drain_ms;
    /* 1: one connection only (AT+CIPMUX=0). kingcom knows nothing else, a7600 only many. */
    uint8_t single;
    /* 1: payload is pushed instead of read on request. kingcom and sim800e know nothing else. */
    uint8_t push;
    /* 1: send ends when the module has taken the bytes, where the dialect has that. */
    uint8_t quick;
    /* How often a step of a procedure is repeated after a timeout. */
    uint8_t retries;
    /*
     1: link 0 is transparent (AT+CIPMODE=1): what goes in comes out, without lengths, until leave_data. Not on kingcom and rda8955.
     */
    uint8_t transparent;
    /* 1: UDP links take datagrams of any peer, and each tells its sender. */
    uint8_t any_peer;
    /* 1: RTS and CTS are wired: hardware flow control (AT+IFC=2,2). */
    uint8_t flow_control;
    /* 1: DTR and DCD are wired: see simcom_session_dtr and simcom_session_dcd. */
    uint8_t modem_lines;
    /* 0. */
    uint16_t reserved;
} simcom_settings;

/* What happened. simcom_event_kind says which members are set; the others are 0, link is SIMCOM_NO_LINK. */
typedef struct simcom_event {
    /* Payload: points into the caller's input. */
    const uint8_t *data;
    /* Bytes at data. */
    size_t len;
    /* Numbers; the kind, the value or the outcome says what they are. */
    uint32_t number[3];
    /* An address, as it is written. */
    uint8_t ip[4];
    /* A second address. */
    uint8_t ip2[4];
    /* The port of ip. */
    uint16_t port;
    /* The number of a failure, or SIMCOM_CODE_TEXT. */
    uint16_t code;
    /* Bytes of this payload that still come; 0: it is whole. */
    uint16_t left;
    /* simcom_event_kind. */
    uint8_t kind;
    /* The link, or SIMCOM_NO_LINK. */
    uint8_t link;
    /* simcom_action. */
    uint8_t action;
    /* The step of a procedure, from 0. */
    uint8_t step;
    /* simcom_why, simcom_closed or simcom_lost. */
    uint8_t why;
    /* simcom_remedy. */
    uint8_t remedy;
    /* simcom_outcome. */
    uint8_t outcome;
    /* simcom_value. */
    uint8_t value;
    /* simcom_link_state, or a registration. */
    uint8_t state;
    /* Yes or no; the kind or the value says to what. */
    uint8_t flag;
    /* 1: ip and port are a sender's, or ip2 is set. */
    uint8_t has_address;
    /* 0. */
    uint8_t reserved;
} simcom_event;

/* A value of a setting. */
typedef struct simcom_field {
    /* A text, which is quoted on the wire; NULL: it is number. */
    const char *text;
    /* A number, or SIMCOM_SKIP. */
    uint32_t number;
} simcom_field;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 Finds the module and makes the line ready: AT until it answers (10 s), echo off, numeric errors, identity.

 Next: a LINE for each line of the identity, then DONE or FAILED, then READY. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_probe(struct simcom_session *session, uint32_t now_ms);

/*
 Asks for the SIM's state; gives the PIN if one is due. pin: 4 to 8 digits, or NULL. A PIN is given once, never again.

 Next: DONE with SIMCOM_VALUE_SIM, or FAILED. Errors: SIMCOM_BUSY, SIMCOM_BAD_TEXT, SIMCOM_BAD_LENGTH.
 */
simcom_result simcom_session_sim(struct simcom_session *session, uint32_t now_ms, const char *pin);

/*
 Asks for the signal's strength.

 Next: DONE with SIMCOM_VALUE_SIGNAL, or FAILED. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_signal(struct simcom_session *session, uint32_t now_ms);

/*
 Asks for the registration.

 Next: DONE with SIMCOM_VALUE_REGISTRATION, or FAILED. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_registration(struct simcom_session *session, uint32_t now_ms);

/*
 The whole bring-up of a context: modes, attach, APN, activation, address. context: 0, or 1 for
 a second one behind the first, where the dialect has it. user and password: NULL for
 none; only some dialects take them.

 Next: DONE with SIMCOM_VALUE_ADDRESS (kingcom has no address then), or FAILED with the step that failed.
 Errors: SIMCOM_NULL (apn), SIMCOM_BUSY, SIMCOM_STATE (a link of the context is in use), SIMCOM_BAD_TEXT, SIMCOM_BAD_LENGTH,
 SIMCOM_NOT_IN_DIALECT, SIMCOM_SMALL_BUFFER.
 */
simcom_result simcom_session_attach(struct simcom_session *session,
                                    uint32_t now_ms,
                                    uint8_t context,
                                    const char *apn,
                                    const char *user,
                                    const char *password);

/*
 Shuts the context and detaches; every link is closed.

 Next: CLOSED for each link, then DONE; or FAILED. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_detach(struct simcom_session *session, uint32_t now_ms);

/*
 Asks for the local address.

 Next: DONE with SIMCOM_VALUE_ADDRESS, or FAILED. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_address(struct simcom_session *session, uint32_t now_ms);

/*
 Opens a link to host (an address or a name) and port. transport: SIMCOM_TCP or SIMCOM_UDP. local: the local
 port, 0 for any.

 Next: OPENED or FAILED for this link; READY may come before it, and other links may be used meanwhile.
 Errors: SIMCOM_NULL (host), SIMCOM_BAD_VALUE (transport), SIMCOM_NO_SUCH_LINK, SIMCOM_LINK_IN_USE, SIMCOM_BUSY,
 SIMCOM_BAD_TEXT, SIMCOM_BAD_LENGTH, SIMCOM_SMALL_BUFFER; SIMCOM_NOT_IN_DIALECT (a local port where there is none).
 */
simcom_result simcom_session_open(struct simcom_session *session,
                                  uint32_t now_ms,
                                  uint8_t link,
                                  uint8_t transport,
                                  const char *host,
                                  uint16_t port,
                                  uint16_t local);

/*
 Sends a payload of 1 to simcom_session_max_payload bytes; it is copied into the session's buffer. to: the destination
 of a datagram where it is not the peer of open, else NULL; only a7600 takes one.

 Next: SENT with the outcome. READY may come before it.
 Errors: SIMCOM_NULL, SIMCOM_NO_SUCH_LINK, SIMCOM_NOT_OPEN, SIMCOM_BUSY (the line, or this link's send),
 SIMCOM_PAYLOAD_LENGTH, SIMCOM_UNSENDABLE, SIMCOM_DESTINATION, SIMCOM_SMALL_BUFFER.
 */
simcom_result simcom_session_send(struct simcom_session *session,
                                  uint32_t now_ms,
                                  uint8_t link,
                                  const uint8_t *payload,
                                  size_t len,
                                  const struct simcom_address *to);

/*
 How many bytes the caller takes on this link from now on: SIMCOM_NO_LIMIT (the default), or a number; 0: stop.

 Next: RECEIVED for at most so many bytes. Errors: SIMCOM_NO_SUCH_LINK, SIMCOM_NOT_OPEN; SIMCOM_UNLIMITED for a limit
 where payload is pushed.
 */
simcom_result simcom_session_receive(struct simcom_session *session,
                                     uint32_t now_ms,
                                     uint8_t link,
                                     uint16_t credit);

/*
 Closes a link. Data that still waits in the module is dropped. how: SIMCOM_CLOSE_SLOW or SIMCOM_CLOSE_QUICK.

 Next: LOST if data was dropped, CLOSED, DONE. Errors: SIMCOM_BAD_VALUE (how), SIMCOM_NO_SUCH_LINK,
 SIMCOM_NOT_OPEN, SIMCOM_BUSY (the line, or this link's send).
 */
simcom_result simcom_session_close(struct simcom_session *session, uint32_t now_ms, uint8_t link, uint8_t how);

/*
 Shuts the context; every link is closed.

 Next: CLOSED for each link, then DONE; or FAILED. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_shut(struct simcom_session *session, uint32_t now_ms);

/*
 Asks for the addresses of a name.

 Next: DONE with SIMCOM_VALUE_ADDRESSES, or FAILED; READY may come before it. Errors: SIMCOM_NULL (host),
 SIMCOM_NOT_IN_DIALECT, SIMCOM_BUSY (the line, or the resolver), SIMCOM_BAD_TEXT, SIMCOM_BAD_LENGTH,
 SIMCOM_SMALL_BUFFER.
 */
simcom_result simcom_session_resolve(struct simcom_session *session, uint32_t now_ms, const char *host);

/*
 Asks for the state of the links.

 Next: a LINK_STATUS for each row, a LINE for other rows, then DONE or FAILED. Errors: SIMCOM_BUSY.
 */
simcom_result simcom_session_status(struct simcom_session *session, uint32_t now_ms);

/*
 Sends a command line as it is, without its end. timeout_ms: how long its final result may take; 0: 9 s.

 Next: a LINE for each line of the answer, then DONE or FAILED. Errors: SIMCOM_NULL (line), SIMCOM_BUSY,
 SIMCOM_BAD_TEXT, SIMCOM_BAD_LENGTH, SIMCOM_SMALL_BUFFER; SIMCOM_FRAMING for what would break the session's framing
 (AT+CIPSEND, A/; with a link open also echo, modes, opening and closing).
 */
simcom_result simcom_session_raw(struct simcom_session *session,
                                 uint32_t now_ms,
                                 const char *line,
                                 uint32_t timeout_ms);

/*
 Begins to listen on port. server: 0, or 0 to 3 on a7600; transport: SIMCOM_TCP, and on sim800e SIMCOM_UDP;
 backlog: clients that may wait, where the dialect takes a number.

 Next: DONE, then ACCEPTED for each client; or FAILED. Errors: SIMCOM_BUSY, SIMCOM_NOT_IN_DIALECT,
 SIMCOM_NO_SUCH_LINK (server), SIMCOM_BAD_VALUE (transport), SIMCOM_SMALL_BUFFER.
 */
simcom_result simcom_session_listen(struct simcom_session *session,
                                    uint32_t now_ms,
                                    uint8_t server,
                                    uint8_t transport,
                                    uint16_t port,
                                    uint8_t backlog);

/*
 Stops listening; links that were accepted stay.

 Next: DONE or FAILED. Errors: SIMCOM_BUSY, SIMCOM_NOT_IN_DIALECT, SIMCOM_NO_SUCH_LINK (server).
 */
simcom_result simcom_session_unlisten(struct simcom_session *session, uint32_t now_ms, uint8_t server);

/*
 Selects the context (0 or 1) that open, address, resolve and shut are about; links keep theirs.

 Next: DONE or FAILED. Errors: SIMCOM_BUSY, SIMCOM_NOT_IN_DIALECT.
 */
simcom_result simcom_session_context(struct simcom_session *session, uint32_t now_ms, uint8_t context);

/*
 Gives a UDP link another destination; needs any_peer in the settings, but on a7600.

 Next: DONE or FAILED. Errors: SIMCOM_NULL (to), SIMCOM_NO_SUCH_LINK, SIMCOM_NOT_OPEN, SIMCOM_DESTINATION (a TCP
 link), SIMCOM_BUSY, SIMCOM_NOT_IN_DIALECT, SIMCOM_STATE (without any_peer).
 */
simcom_result simcom_session_udp_peer(struct simcom_session *session,
                                      uint32_t now_ms,
                                      uint8_t link,
                                      const struct simcom_address *to);

/*
 Asks how many bytes of a link the peer has acknowledged.

 Next: DONE with SIMCOM_VALUE_ACK, or FAILED. Errors: SIMCOM_NO_SUCH_LINK, SIMCOM_NOT_OPEN, SIMCOM_BUSY,
 SIMCOM_NOT_IN_DIALECT.
 */
simcom_result simcom_session_acknowledged(struct simcom_session *session, uint32_t now_ms, uint8_t link);

/*
 Asks how many bytes one send of a link takes now.

 Next: DONE with SIMCOM_VALUE_ROOM, or FAILED. Errors: as simcom_session_acknowledged.
 */
simcom_result simcom_session_room(struct simcom_session *session, uint32_t now_ms, uint8_t link);

/*
 Goes back to data mode.

 Next: DONE or FAILED. Errors: SIMCOM_NOT_IN_DIALECT, SIMCOM_STATE (no transparent link, or in data mode),
 SIMCOM_BUSY.
 */
simcom_result simcom_session_enter_data(struct simcom_session *session, uint32_t now_ms);

/*
 Leaves data mode: silence, +++, silence; or DTR off for a second, where it is wired. The link stays open.

 Next: DONE, then commands are taken; or FAILED, and data mode goes on. Errors: SIMCOM_STATE (not in data mode),
 SIMCOM_BUSY.
 */
simcom_result simcom_session_leave_data(struct simcom_session *session, uint32_t now_ms);

/*
 1: the transparent link is in data mode: send gives raw bytes, other commands are SIMCOM_STATE. 0: it is not; or the
 session is bad.
 */
uint8_t simcom_session_is_data_mode(const struct simcom_session *session);

/*
 Lets the module sleep (AT+CSCLK=1), and switches DTR off behind the answer (simcom_session_dtr). Links stay open: data,
 calls and messages wake the module and are told; nothing is sent until simcom_session_wake.

 Next: DONE or FAILED. Errors: SIMCOM_NOT_IN_DIALECT, SIMCOM_STATE (without modem_lines, asleep, in data mode),
 SIMCOM_BUSY.
 */
simcom_result simcom_session_sleep(struct simcom_session *session,
                                   uint32_t now_ms);

/*
 Wakes the module: DTR on, the time that it needs, and AT until it answers.

 Next: DONE, then commands are taken; or FAILED. Errors: SIMCOM_STATE (it does not sleep).
 */
simcom_result simcom_session_wake(struct simcom_session *session, uint32_t now_ms);

/*
 1: the module may sleep: commands are SIMCOM_STATE until simcom_session_wake. 0: it may not; or the session is bad.
 */
uint8_t simcom_session_is_asleep(const struct simcom_session *session);

/* How DTR is to be driven, where it is wired: 1 on, 0 off. Look at it after each poll and command. */
uint8_t simcom_session_dtr(const struct simcom_session *session);

/*
 Tells the level of DCD, where it is wired: 1 on, 0 off. Call it when it changes, and before the first byte.

 Errors: SIMCOM_NULL, SIMCOM_NOT_INITIALISED, SIMCOM_BAD_VALUE.
 */
simcom_result simcom_session_dcd(struct simcom_session *session, uint32_t now_ms, uint8_t on);

/* SIM800 series (the TCPIP application note): 6 links. */
const struct simcom_dialect *simcom_dialect_sim800(void);

/* SIM800E: 6 links; pushes its data. */
const struct simcom_dialect *simcom_dialect_sim800e(void);

/* SIM7000 series: 8 links. */
const struct simcom_dialect *simcom_dialect_sim7000(void);

/* Kingcom G series: 1 link; payload ends by Ctrl-Z; pushes its data. */
const struct simcom_dialect *simcom_dialect_kingcom(void);

/* A7600 series: 10 links. */
const struct simcom_dialect *simcom_dialect_a7600(void);

/* Clones on the RDA8955 chip: for simcom_reader and simcom_observer only. */
const struct simcom_dialect *simcom_dialect_rda8955(void);

/*
 The dialect of that name (sim800, sim800e, sim7000, kingcom, a7600, rda8955); NULL: there is none. Carries all
 dialects into the program.
 */
const struct simcom_dialect *simcom_dialect_by_name(const char *name);

/* The number of links of a dialect: links are 0 to this less one. 0 for NULL. */
uint8_t simcom_dialect_links(const struct simcom_dialect *dialect);

/* The number of a dialect, a simcom_dialect_id; 255 for NULL. */
uint8_t simcom_dialect_number(const struct simcom_dialect *dialect);

#if SIMCOM_HOST
/*
 A module of this dialect that has started and registered, at time 0. NULL: dialect is NULL. Free it with
 simcom_modem_free.
 */
struct simcom_modem *simcom_modem_new(const struct simcom_dialect *dialect, uint64_t seed);

/* Frees a modem; NULL is let pass. */
void simcom_modem_free(struct simcom_modem *modem);

/* The virtual time in milliseconds: what the session is given as now_ms. 0 for NULL. */
uint32_t simcom_modem_now(const struct simcom_modem *modem);

/* The host writes to the module; returns how many bytes were taken. 0 for NULL. */
size_t simcom_modem_write(struct simcom_modem *modem, const uint8_t *bytes, size_t len);

/* The host reads what has come from the module, at most len bytes; returns how many. 0 for NULL. */
size_t simcom_modem_read(struct simcom_modem *modem, uint8_t *bytes, size_t len);

/*
 Lets time go on until the host can read something, at most ms milliseconds. Returns 1: it can; 0: the time has passed;
 less than 0: an error (SIMCOM_NULL, SIMCOM_LIVELOCK).
 */
int32_t simcom_modem_wait(struct simcom_modem *modem,
                          uint32_t ms);

/*
 Lets something go wrong. fault: simcom_fault; number: what the fault says.

 Errors: SIMCOM_NULL, SIMCOM_BAD_VALUE.
 */
simcom_result simcom_modem_fault(struct simcom_modem *modem, uint8_t fault, uint32_t number);

/*
 The TCP peer of a link sends bytes.

 Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE, SIMCOM_NOT_OPEN.
 */
simcom_result simcom_modem_peer_send(struct simcom_modem *modem, uint8_t link, const uint8_t *bytes, size_t len);

/*
 The TCP peer of a link closes.

 Errors: SIMCOM_NULL, SIMCOM_NOT_OPEN.
 */
simcom_result simcom_modem_peer_close(struct simcom_modem *modem, uint8_t link);

/* What the peer of a link has got so far: copies at most len bytes, and returns how many there are. 0: no such peer. */
size_t simcom_modem_peer_received(const struct simcom_modem *modem, uint8_t link, uint8_t *bytes, size_t len);

/*
 An observer of a module of this dialect, in the dialect's default modes. NULL: dialect is NULL. Free it with
 simcom_observer_free.
 */
struct simcom_observer *simcom_observer_new(const struct simcom_dialect *dialect);

/* Frees an observer; NULL is let pass. */
void simcom_observer_free(struct simcom_observer *observer);

/*
 Sets a mode that holds before the first byte: mux single/multi, mode transparent/normal, ciphead ciprxget
 connected 0/1, echo on/off.

 Errors: SIMCOM_NULL, SIMCOM_BAD_TEXT; SIMCOM_BAD_VALUE: no such key or value.
 */
simcom_result simcom_observer_configure(struct simcom_observer *observer,
                                        const char *key,
                                        const char *value);

/*
 Takes bytes that the host sent: one chunk, as it was written. A host sends after the module has been silent: call
 simcom_observer_silence and poll before it, unless it really interrupts.

 Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE.
 */
simcom_result simcom_observer_host(struct simcom_observer *observer, const uint8_t *bytes, size_t len);

/*
 The module was silent for so long. Poll with no input behind it.

 Errors: SIMCOM_NULL.
 */
simcom_result simcom_observer_silence(struct simcom_observer *observer, uint32_t ms);

/*
 The next report of the module's bytes. Returns 1: there is one; 0: the input is used up; less than 0: an error.

 *in and *len: as in simcom_session_poll. Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE.
 */
int32_t simcom_observer_poll(struct simcom_observer *observer,
                             const uint8_t **in,
                             size_t *len,
                             struct simcom_report *report);

/*
 A line that was cut by the end of the traffic, if there is one: 1. 0: none. Less than 0: an error. Call it behind the last
 silence, and then simcom_observer_text for what was still held.
 */
int32_t simcom_observer_finish(struct simcom_observer *observer,
                               struct simcom_report *report);

/* 1: the newest command has no final result yet. 0: it has one; or observer is NULL. */
uint8_t simcom_observer_is_pending(const struct simcom_observer *observer);

/*
 The next whole report as text, as in the transcripts (Data{link=0,len=5,bytes="hello"}): one for each payload and each line,
 however they were cut. NULL: none yet. Valid until the next call of this function.
 */
const char *simcom_observer_text(struct simcom_observer *observer);

/*
 Begins a transcript. source: one line that says where it comes from. NULL: an argument is NULL or no text. Free it with
 simcom_recorder_free.
 */
struct simcom_recorder *simcom_recorder_new(const struct simcom_dialect *dialect,
                                            const char *source);

/* Frees a recorder; NULL is let pass. */
void simcom_recorder_free(struct simcom_recorder *recorder);

/* The host has sent these bytes. Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE. */
simcom_result simcom_recorder_host(struct simcom_recorder *recorder, uint32_t now_ms, const uint8_t *bytes, size_t len);

/* The module has sent these bytes. Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE. */
simcom_result simcom_recorder_module(struct simcom_recorder *recorder,
                                     uint32_t now_ms,
                                     const uint8_t *bytes,
                                     size_t len);

/* The transcript so far, ended by NUL; valid until the next call on this recorder. NULL for NULL. */
const char *simcom_recorder_text(struct simcom_recorder *recorder);
#endif

/*
 Begins a reader for modules of this dialect, a simcom_dialect_id: a program that only reads carries nothing of what a
 session says in it. gap_ms: silence after which a payload that stopped is given up.

 Errors: SIMCOM_NULL, SIMCOM_BAD_ABI, SIMCOM_BAD_VALUE.
 */
simcom_result simcom_reader_init(struct simcom_reader *reader, uint32_t abi, uint8_t dialect, uint16_t gap_ms);

/*
 AT+CIPMODE=1 is set (1) or not (0): what carries no number is about the transparent link.

 Errors: SIMCOM_NULL, SIMCOM_NOT_INITIALISED.
 */
simcom_result simcom_reader_set_transparent(struct simcom_reader *reader, uint8_t on);

/*
 The next report. Returns 1: there is one; 0: the input is used up; less than 0: an error.

 asked: NULL for nothing. *in and *len: as in simcom_session_poll. With no input it looks at the time: what has waited
 for its gap is given up. Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE, SIMCOM_BAD_VALUE, SIMCOM_NOT_INITIALISED.
 */
int32_t simcom_reader_poll(struct simcom_reader *reader,
                           uint32_t now_ms,
                           const struct simcom_asked *asked,
                           const uint8_t **in,
                           size_t *len,
                           struct simcom_report *report);

/* A line that was cut by the end of the input, if there is one: 1. 0: none. Less than 0: an error. */
int32_t simcom_reader_finish(struct simcom_reader *reader, struct simcom_report *report);

/*
 In how many milliseconds simcom_reader_poll must be called at the latest; SIMCOM_FOREVER: only when bytes come. 0 for a
 reader that is NULL or not initialised.
 */
uint32_t simcom_reader_wait_ms(const struct simcom_reader *reader,
                               uint32_t now_ms);

/* The meaning of a result, as a text that lives as long as the program. Any number may be given. */
const char *simcom_strerror(int32_t result);

/* The version of the library, such as 0.1.0; lives as long as the program. */
const char *simcom_version(void);

/* The version of the interface that the library has: equal to SIMCOM_ABI when header and library belong together. */
uint32_t simcom_abi(void);

/*
 Begins a session with a module of this dialect.

 abi: SIMCOM_ABI. settings: NULL for the defaults. buffer: at most 65,535 bytes that hold one command and its
 payload, the caller's until the session is no longer used; the largest payload and 128 bytes are always enough, and a
 smaller one only makes larger commands SIMCOM_SMALL_BUFFER. now_ms: milliseconds of any clock that goes forward; it
 may wrap.

 Errors: SIMCOM_NULL (session, dialect, or buffer with a length); SIMCOM_BAD_ABI; SIMCOM_BAD_SIZE (settings of
 another header, buffer too long); SIMCOM_BAD_VALUE (a flag of the settings that is neither 0 nor 1).
 */
simcom_result simcom_session_init(struct simcom_session *session,
                                  uint32_t abi,
                                  const struct simcom_dialect *dialect,
                                  const struct simcom_settings *settings,
                                  uint8_t *buffer,
                                  size_t buffer_len,
                                  uint32_t now_ms);

/*
 Forgets everything, as after simcom_session_init: the module was switched off, or another one was connected.

 Errors: SIMCOM_NULL, SIMCOM_NOT_INITIALISED.
 */
simcom_result simcom_session_reset(struct simcom_session *session, uint32_t now_ms);

/*
 Gives up the command that is under way, if there is one; it ends in SIMCOM_EVENT_FAILED or SIMCOM_EVENT_SENT, and the
 session makes sure of the line before the next.

 Errors: SIMCOM_NULL, SIMCOM_NOT_INITIALISED.
 */
simcom_result simcom_session_abandon(struct simcom_session *session,
                                     uint32_t now_ms);

/*
 The next event. Returns 1: there is one; 0: the input is used up and nothing is due; less than 0: an error.

 *in and *len are the bytes that came from the module; both are moved on by what was used. Both pointers NULL: no bytes
 have come. Call it until it returns 0, and again when bytes have come or simcom_session_wait_ms has passed. The bytes may
 be in any pieces. data of an event points into the input, so take it before the input's memory is used again.

 Errors: SIMCOM_NULL, SIMCOM_BAD_SIZE, SIMCOM_NOT_INITIALISED; no input was taken then.
 */
int32_t simcom_session_poll(struct simcom_session *session,
                            uint32_t now_ms,
                            const uint8_t **in,
                            size_t *len,
                            struct simcom_event *event);

/*
 The module's text behind the last event: the line of SIMCOM_EVENT_LINE and SIMCOM_EVENT_FAILED, not ended by NUL.
 *len is its length. Valid until the next call that changes the session. NULL: there is none, or the session is bad.
 */
const uint8_t *simcom_session_text(const struct simcom_session *session, size_t *len);

/*
 The bytes that are for the module; NULL and 0: none.

 A UART or a DMA may read them from where they are: they stay there, unchanged, until simcom_session_transmitted has taken
 them, or the command they belong to has ended (its time limit is 9 s and more), or reset. Asking again is free.
 */
const uint8_t *simcom_session_transmit(const struct simcom_session *session,
                                       size_t *len);

/*
 The port has taken the first n bytes of simcom_session_transmit; less than all is normal.

 Errors: SIMCOM_NULL, SIMCOM_NOT_INITIALISED; SIMCOM_BAD_SIZE for more bytes than there were.
 */
simcom_result simcom_session_transmitted(struct simcom_session *session, uint32_t now_ms, size_t n);

/*
 In how many milliseconds simcom_session_poll must be called at the latest; SIMCOM_FOREVER: only when bytes come. 0 for
 a session that is NULL or not initialised.
 */
uint32_t simcom_session_wait_ms(const struct simcom_session *session,
                                uint32_t now_ms);

/* Why simcom_session_wait_ms says what it says. */
simcom_reason simcom_session_reason(const struct simcom_session *session);

/* 1: a command that needs the line would be taken. 0: wait for SIMCOM_EVENT_READY; or the session is bad. */
uint8_t simcom_session_is_ready(const struct simcom_session *session);

/* The most payload of one simcom_session_send, in bytes. 0 for a session that is NULL or not initialised. */
uint16_t simcom_session_max_payload(const struct simcom_session *session);

/* How many bytes of buffer the command needed that was last refused with SIMCOM_SMALL_BUFFER; 0: none was. */
uint16_t simcom_session_needed(const struct simcom_session *session);

/*
 Changes a setting: fields, count of them, in the order of the manual; none for a form without values (AT+CIPSCONT,
 AT&W).

 Next: DONE or FAILED. Errors: SIMCOM_NULL, SIMCOM_BAD_VALUE (no such setting), SIMCOM_BAD_SIZE (more than
 SIMCOM_FIELDS), SIMCOM_NOT_IN_DIALECT, SIMCOM_STATE (a link is in use, or a context is up, where the setting is
 about them), SIMCOM_FRAMING (a read by AT+CIPRXGET), SIMCOM_BAD_TEXT, SIMCOM_BAD_LENGTH, SIMCOM_BUSY,
 SIMCOM_SMALL_BUFFER. Behind a change of what framing rests on, links open only after the next attach.
 */
simcom_result simcom_session_set(struct simcom_session *session,
                                 uint32_t now_ms,
                                 uint8_t setting,
                                 const struct simcom_field *fields,
                                 size_t count);

/*
 Asks for a setting.

 Next: a LINE for each line of the answer (simcom_session_text, simcom_line_field), then DONE, or FAILED. Errors:
 SIMCOM_BAD_VALUE, SIMCOM_NOT_IN_DIALECT, SIMCOM_BUSY, SIMCOM_SMALL_BUFFER.
 */
simcom_result simcom_session_ask(struct simcom_session *session,
                                 uint32_t now_ms,
                                 uint8_t setting);

/*
 Asks what a setting may be.

 Next and errors: as of simcom_session_ask.
 */
simcom_result simcom_session_ranges(struct simcom_session *session, uint32_t now_ms, uint8_t setting);

/*
 Gives the module its name servers: four numbers each; second may be NULL.

 Next: DONE or FAILED. Errors: SIMCOM_NULL, SIMCOM_NOT_IN_DIALECT, SIMCOM_BUSY, SIMCOM_SMALL_BUFFER.
 */
simcom_result simcom_session_set_dns(struct simcom_session *session,
                                     uint32_t now_ms,
                                     const uint8_t *first,
                                     const uint8_t *second);

/*
 A field of a line of an answer, index from 0: what stands behind its colon between commas, without quotes and blanks
 around it. NULL, and 0 at field_len: there is no such field, or it is empty.
 */
const uint8_t *simcom_line_field(const uint8_t *line, size_t len, size_t index, size_t *field_len);

/*
 Fills the settings with the defaults. size is sizeof(simcom_settings).

 Errors: SIMCOM_NULL; SIMCOM_BAD_SIZE when the caller's header is another one.
 */
simcom_result simcom_settings_default(struct simcom_settings *settings, uint32_t size);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SIMCOM_H */
