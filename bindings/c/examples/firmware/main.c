/* A TCP client on bare metal. It sends 64 KiB to an echo server and checks what comes back, is closed by the peer, restarts
   the module with a link open, connects again, and closes. No heap, no operating system, no library but libsimcom.a and
   the compiler's. */
#include "board.h"
#include "simcom.h"

#ifndef DIALECT
#define DIALECT simcom_dialect_sim7000
#endif

enum {
    LINK = 0,
    CHUNK = 1024,       /* Bytes of a send. */
    TOTAL = 64 * 1024,  /* Bytes each way on the first link. */
    AGAIN = 1024,       /* And on the second. */
    AHEAD = 4096,       /* Bytes that may be on their way to the server and back. */
    BOOT_MS = 4000,     /* A restarted module is left alone for so long. */
    LIMIT_MS = 120000,  /* The whole run. */
};

/* Where the program is. */
typedef enum {
    PROBING, ATTACH, ATTACHING, OPEN, OPENING, TALKING, RESTARTING, WAITING, CLOSING, DONE
} progress;

static simcom_session session;
static uint8_t buffer[CHUNK + 128];
static uint8_t chunk[CHUNK];

static progress now_is = PROBING;
static uint32_t round_number; /* 0 until the peer has closed, 1 until the module has restarted, 2 behind it. */
static uint32_t sent;
static uint32_t got;
static uint32_t total;
static uint32_t on_its_way; /* Bytes of the send that has not ended yet. */
static uint16_t port;
static uint32_t restarted_ms;

static void fail(const char *why, const simcom_event *event) {
    host_say(why);
    if (event != NULL) {
        size_t len;
        const uint8_t *text = simcom_session_text(&session, &len);
        host_say_number(": kind ", event->kind, "");
        host_say_number(", action ", event->action, "");
        host_say_number(", why ", event->why, "");
        host_say_number(", code ", event->code, "");
        host_say_number(", step ", event->step, ", text ");
        for (size_t i = 0; i < len; i++) {
            const char letter[2] = {(char)text[i], '\0'};
            host_say(letter);
        }
    }
    host_say_number(" (state ", (uint32_t)now_is, "");
    host_say_number(", sent ", sent, "");
    host_say_number(", got ", got, "");
    host_say_number(", at ", board_ms(), " ms)\n");
    host_exit(1);
}

static void must(simcom_result result, const char *what) {
    if (result != SIMCOM_OK) {
        host_say(simcom_strerror(result));
        host_say("\n");
        fail(what, NULL);
    }
}

/* The payload by its place: noise, and now and then what looks like protocol. */
static uint8_t payload(uint32_t at) {
    static const char TRAPS[] = "\r\nOK\r\n> \r\n+RECEIVE,0,9:\r\n\r\n0, CLOSED\r\n+CIPRXGET: 1,0\r\n\r\nSEND OK\r\n+++";
    uint32_t place = at % 256U;
    if (place < (sizeof TRAPS - 1U)) {
        return (uint8_t)TRAPS[place];
    }
    uint32_t noise = (at * 2654435761U) ^ (at >> 7);
    return (uint8_t)(noise >> 24);
}

static void send_more(void) {
    uint32_t len = total - sent;
    len = (len < (uint32_t)CHUNK) ? len : (uint32_t)CHUNK;
    for (uint32_t i = 0; i < len; i++) {
        chunk[i] = payload(sent + i);
    }
    must(simcom_session_send(&session, board_ms(), LINK, chunk, len, NULL), "send");
    on_its_way = len;
}

static void opened(void) {
    now_is = TALKING;
    sent = 0;
    got = 0;
    total = (round_number == 0U) ? (uint32_t)TOTAL : (uint32_t)AGAIN;
}

static void took(const simcom_event *event) {
    for (size_t i = 0; i < event->len; i++) {
        if (event->data[i] != payload(got)) {
            fail("a byte came back differently", NULL);
        }
        got += 1U;
    }
    if (got > total) {
        fail("more came back than was sent", NULL);
    }
}

static void done(const simcom_event *event) {
    switch (event->action) {
    case SIMCOM_ACTION_PROBE:
        now_is = ATTACH;
        break;
    case SIMCOM_ACTION_ATTACH:
        now_is = OPEN;
        break;
    case SIMCOM_ACTION_CLOSE:
        now_is = DONE;
        break;
    default:
        break;
    }
}

static void take(const simcom_event *event) {
    switch (event->kind) {
    case SIMCOM_EVENT_DONE:
        done(event);
        break;
    case SIMCOM_EVENT_OPENED:
        opened();
        break;
    case SIMCOM_EVENT_SENT:
        if ((event->outcome != SIMCOM_DELIVERED) && (event->outcome != SIMCOM_ACCEPTED)) {
            fail("not sent", event);
        }
        sent += on_its_way;
        on_its_way = 0;
        break;
    case SIMCOM_EVENT_RECEIVED:
        took(event);
        break;
    case SIMCOM_EVENT_CLOSED:
        if ((round_number == 0U) && (event->why == SIMCOM_CLOSED_PEER) && (got == total)) {
            host_say_number("64 KiB each way, closed by the peer at ", board_ms(), " ms\n");
            round_number = 1;
            now_is = OPEN;
        } else if ((round_number == 1U) && (event->why == SIMCOM_CLOSED_RESTART)) {
            now_is = RESTARTING;
        } else if ((round_number != 2U) || (event->why != SIMCOM_CLOSED_LOCAL)) {
            fail("closed", event);
        } else {
            /* Ours; DONE follows. */
        }
        break;
    case SIMCOM_EVENT_RESTARTED:
        host_say_number("the module restarted at ", board_ms(), " ms\n");
        round_number = 2;
        now_is = WAITING;
        restarted_ms = board_ms();
        break;
    case SIMCOM_EVENT_FAILED:
        if (now_is != RESTARTING) {
            fail("failed", event);
        }
        break;
    case SIMCOM_EVENT_LOST:
        fail("lost", event);
        break;
    default:
        break;
    }
}

/* Gives the next command when the session takes one. */
static void go_on(void) {
    if (simcom_session_is_ready(&session) == 0U) {
        return;
    }
    uint32_t now = board_ms();
    switch (now_is) {
    case ATTACH:
        must(simcom_session_attach(&session, now, 0, "internet", NULL, NULL), "attach");
        now_is = ATTACHING;
        break;
    case OPEN:
        must(simcom_session_open(&session, now, LINK, SIMCOM_TCP, "127.0.0.1", port, 0), "open");
        now_is = OPENING;
        break;
    case TALKING:
        if (sent < total) {
            if ((on_its_way == 0U) && (sent < (got + (uint32_t)AHEAD))) {
                send_more();
            }
        } else if (got < total) {
            /* The rest is on its way. */
        } else if (round_number == 1U) {
            host_say("restarting the module with a link open\n");
            must(simcom_session_raw(&session, now, "AT+CFUN=1,1", 0), "restart");
            now_is = RESTARTING;
        } else if (round_number == 2U) {
            must(simcom_session_close(&session, now, LINK, SIMCOM_CLOSE_SLOW), "close");
            now_is = CLOSING;
        } else {
            /* The peer closes. */
        }
        break;
    case WAITING:
        if ((now - restarted_ms) >= (uint32_t)BOOT_MS) {
            must(simcom_session_probe(&session, now), "probe");
            now_is = PROBING;
        }
        break;
    default:
        break;
    }
}

/* One turn of the loop that every program has: bytes in, events out, bytes out. */
static void turn(void) {
    size_t len;
    simcom_event event;
    const uint8_t *in = ring_peek(&received, &len);
    size_t had = len;
    while (simcom_session_poll(&session, board_ms(), &in, &len, &event) == 1) {
        take(&event);
    }
    ring_took(&received, had);
    go_on();
    const uint8_t *out = simcom_session_transmit(&session, &len);
    size_t n = 0;
    while ((n < len) && (board_uart_put(out[n]) != 0)) {
        n++;
    }
    if (n > 0U) {
        must(simcom_session_transmitted(&session, board_ms(), n), "transmitted");
    } else if ((had == 0U) && (len == 0U)) {
        board_sleep();
    } else {
        /* There is more to do. */
    }
}

int main(void) {
    board_start();
    port = (uint16_t)host_argument();
    must(simcom_session_init(&session, SIMCOM_ABI, DIALECT(), NULL, buffer, sizeof buffer, board_ms()), "init");
    must(simcom_session_probe(&session, board_ms()), "probe");
    while (now_is != DONE) {
        turn();
        if (board_ms() > (uint32_t)LIMIT_MS) {
            fail("it takes too long", NULL);
        }
    }
    if (received.lost != 0U) {
        fail("the ring buffer was too small", NULL);
    }
    host_say_number("stack ", stack_used(), " bytes, ");
    host_say_number("session ", (uint32_t)sizeof session, " bytes, ");
    host_say_number("", board_ms(), " ms\nPASS\n");
    host_exit(0);
}
