/* The session against the virtual modem, all in C: bring-up, data both ways, a peer's close, a restart of the module; in every
   dialect and mode. The time is virtual, so minutes cost nothing. */
#include "simcom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 2048, RECEIVED = 16384 };

typedef struct {
    const char *name;
    simcom_session session;
    simcom_modem *modem;
    simcom_recorder *recorder;
    uint8_t buffer[BUFFER];
    uint8_t received[RECEIVED];
    size_t received_len;
    unsigned counts[32];
    simcom_event last[32];
    uint8_t line[256]; /* The last line. */
    size_t line_len;
} pair;

static void give_up(pair *p, const char *what) {
    (void)fprintf(stderr, "%s: %s\n%s\n", p->name, what, simcom_recorder_text(p->recorder));
    exit(1);
}

static void check(pair *p, simcom_result result, const char *what) {
    if (result != SIMCOM_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, simcom_strerror(result));
        give_up(p, what);
    }
}

static uint32_t now(const pair *p) {
    return simcom_modem_now(p->modem);
}

static void take(pair *p, const simcom_event *event) {
    if (event->kind < 32) {
        p->counts[event->kind] += 1;
        p->last[event->kind] = *event;
    }
    if (event->kind == SIMCOM_EVENT_LINE) {
        const uint8_t *text = simcom_session_text(&p->session, &p->line_len);
        p->line_len = p->line_len < sizeof p->line ? p->line_len : sizeof p->line;
        memcpy(p->line, text, p->line_len);
    }
    if (event->kind == SIMCOM_EVENT_RECEIVED) {
        if (event->len > RECEIVED - p->received_len) {
            give_up(p, "more data than was sent");
        }
        memcpy(p->received + p->received_len, event->data, event->len);
        p->received_len += event->len;
    }
}

/* Input in memory of its own, so that a read beyond it, or a pointer kept too long, is found. */
static void feed(pair *p, const uint8_t *bytes, size_t len) {
    uint8_t *own = malloc(len == 0 ? 1 : len);
    const uint8_t *in = own;
    size_t left = len;
    simcom_event event;
    int found;
    if (own == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(own, bytes, len);
    }
    while ((found = simcom_session_poll(&p->session, now(p), &in, &left, &event)) == 1) {
        take(p, &event);
    }
    if (found != 0 || left != 0) {
        give_up(p, "poll");
    }
    free(own);
}

/* One turn: sends, waits, receives. */
static void turn(pair *p, uint32_t most_ms) {
    size_t len;
    const uint8_t *out = simcom_session_transmit(&p->session, &len);
    while (len > 0) {
        size_t n = simcom_modem_write(p->modem, out, len > 7 ? 7 : len);
        check(p, simcom_recorder_host(p->recorder, now(p), out, n), "record");
        check(p, simcom_session_transmitted(&p->session, now(p), n), "transmitted");
        out = simcom_session_transmit(&p->session, &len);
    }
    uint32_t wait = simcom_session_wait_ms(&p->session, now(p));
    wait = wait < most_ms ? wait : most_ms;
    if (simcom_modem_wait(p->modem, wait) < 0) {
        give_up(p, "wait");
    }
    uint8_t bytes[512];
    len = simcom_modem_read(p->modem, bytes, sizeof bytes);
    check(p, simcom_recorder_module(p->recorder, now(p), bytes, len), "record");
    feed(p, bytes, len);
}

/* Goes on until the event has come so many times. */
static void expect(pair *p, uint8_t kind, unsigned times) {
    uint32_t begun = now(p);
    while (p->counts[kind] < times) {
        if (now(p) - begun > 900000) {
            (void)fprintf(stderr, "event %u\n", kind);
            give_up(p, "it did not come");
        }
        turn(p, 1000);
    }
}

static void ready(pair *p) {
    uint32_t begun = now(p);
    while (simcom_session_is_ready(&p->session) == 0) {
        if (now(p) - begun > 900000) {
            give_up(p, "never ready");
        }
        turn(p, 1000);
    }
}

/* A command was given: it must end in DONE, with its action. */
static void done(pair *p, uint8_t action) {
    expect(p, SIMCOM_EVENT_DONE, p->counts[SIMCOM_EVENT_DONE] + 1);
    if (p->last[SIMCOM_EVENT_DONE].action != action || p->counts[SIMCOM_EVENT_FAILED] != 0) {
        give_up(p, "another end than DONE");
    }
    ready(p);
}

static void up(pair *p) {
    check(p, simcom_session_probe(&p->session, now(p)), "probe");
    done(p, SIMCOM_ACTION_PROBE);
    check(p, simcom_session_attach(&p->session, now(p), 0, "internet", NULL, NULL), "attach");
    done(p, SIMCOM_ACTION_ATTACH);
}

/* The numbers of a setting, set and asked for. */
static void settings_of(pair *p, int kingcom) {
    static const simcom_field YES = {NULL, 2};
    const uint8_t dns[4] = {8, 8, 4, 4};
    p->line_len = 0;
    check(p, simcom_session_set(&p->session, now(p), SIMCOM_SETTING_CREG, &YES, 1), "set");
    done(p, SIMCOM_ACTION_SET);
    check(p, simcom_session_ask(&p->session, now(p), SIMCOM_SETTING_CREG), "ask");
    done(p, SIMCOM_ACTION_ASK);
    size_t len;
    const uint8_t *mode = simcom_line_field(p->line, p->line_len, 0, &len);
    if (len != 1 || *mode != '2') {
        give_up(p, "the setting is another");
    }
    if (simcom_line_field(p->line, p->line_len, 9, &len) != NULL || len != 0) {
        give_up(p, "a field that is not there");
    }
    simcom_result result = simcom_session_set_dns(&p->session, now(p), dns, NULL);
    if (kingcom) {
        if (result != SIMCOM_NOT_IN_DIALECT) {
            give_up(p, "name servers of a dialect that has none");
        }
        return;
    }
    check(p, result, "set_dns");
    done(p, SIMCOM_ACTION_SET);
}

static void open_link(pair *p) {
    unsigned before = p->counts[SIMCOM_EVENT_OPENED];
    check(p, simcom_session_open(&p->session, now(p), 0, SIMCOM_TCP, "localhost", 7, 0), "open");
    expect(p, SIMCOM_EVENT_OPENED, before + 1);
    ready(p);
}

/* Bytes that look like what a module says. */
static void nasty(uint8_t *bytes, size_t len, int all) {
    static const char PARTS[] = "\r\nOK\r\n\r\n> \r\n+RECEIVE,1,5:\r\n\r\n0, CLOSED\r\n+CIPRXGET: 2,0,9,0\r\n\r\n+IPD5\r\n";
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)PARTS[i % (sizeof PARTS - 1)];
        if (all && i % 37 == 5) {
            bytes[i] = i % 2 == 0 ? 0x1a : 0x1b;
        }
        if (i % 41 == 9) {
            bytes[i] = (uint8_t)(i & 1 ? 0xff : 0);
        }
    }
}

static void send_and_get_back(pair *p, size_t len, int all) {
    uint8_t bytes[BUFFER];
    unsigned before = p->counts[SIMCOM_EVENT_SENT];
    nasty(bytes, len, all);
    p->received_len = 0;
    check(p, simcom_session_send(&p->session, now(p), 0, bytes, len, NULL), "send");
    memset(bytes, 0, len); /* It was copied. */
    expect(p, SIMCOM_EVENT_SENT, before + 1);
    uint8_t outcome = p->last[SIMCOM_EVENT_SENT].outcome;
    if (outcome != SIMCOM_DELIVERED && outcome != SIMCOM_ACCEPTED) {
        give_up(p, "not sent");
    }
    ready(p);
    nasty(bytes, len, all);
    for (uint32_t begun = now(p); p->received_len < len;) {
        if (now(p) - begun > 900000) {
            give_up(p, "the echo did not come");
        }
        turn(p, 1000);
    }
    if (p->received_len != len || memcmp(p->received, bytes, len) != 0) {
        give_up(p, "the echo differs");
    }
}

static void run(const char *name, const simcom_dialect *dialect, uint8_t single, uint8_t push) {
    static pair p; /* Its session is zero at first, as in firmware. */
    simcom_settings settings;
    simcom_event event;
    int kingcom = strcmp(name, "kingcom") == 0;
    memset(&p, 0, sizeof p);
    p.name = name;
    p.modem = simcom_modem_new(dialect, 7);
    p.recorder = simcom_recorder_new(dialect, "bindings/c/tests/c/pair.c");
    if (simcom_session_poll(&p.session, 0, NULL, NULL, &event) != SIMCOM_NOT_INITIALISED) {
        give_up(&p, "a session that was not initialised was polled");
    }
    check(&p, simcom_settings_default(&settings, (uint32_t)sizeof settings), "settings");
    settings.single = single;
    settings.push = push;
    check(&p, simcom_session_init(&p.session, SIMCOM_ABI, dialect, &settings, p.buffer, sizeof p.buffer, 0), "init");
    up(&p);
    settings_of(&p, kingcom);
    open_link(&p);
    send_and_get_back(&p, 1, !kingcom);
    send_and_get_back(&p, 100, !kingcom);
    send_and_get_back(&p, simcom_session_max_payload(&p.session), !kingcom);

    /* The peer says something and closes. */
    p.received_len = 0;
    check(&p, simcom_modem_peer_send(p.modem, 0, (const uint8_t *)"bye\r\n", 5), "peer send");
    check(&p, simcom_modem_peer_close(p.modem, 0), "peer close");
    expect(&p, SIMCOM_EVENT_CLOSED, 1);
    if (p.received_len != 5 || memcmp(p.received, "bye\r\n", 5) != 0) {
        give_up(&p, "what the peer said before its close is not there");
    }
    if (p.last[SIMCOM_EVENT_CLOSED].why != SIMCOM_CLOSED_PEER) {
        give_up(&p, "another reason than the peer");
    }
    ready(&p);

    /* The module starts anew with an open link; all begins again. */
    if (kingcom) {
        check(&p, simcom_session_detach(&p.session, now(&p)), "detach");
        done(&p, SIMCOM_ACTION_DETACH);
        up(&p);
    }
    open_link(&p);
    check(&p, simcom_modem_fault(p.modem, SIMCOM_FAULT_RESTART, 0), "restart");
    expect(&p, SIMCOM_EVENT_RESTARTED, 1);
    expect(&p, SIMCOM_EVENT_CLOSED, 2);
    if (p.last[SIMCOM_EVENT_CLOSED].why != SIMCOM_CLOSED_RESTART) {
        give_up(&p, "another reason than the restart");
    }
    for (int i = 0; i < 10; i++) {
        turn(&p, 1000);
    }
    up(&p);
    open_link(&p);
    send_and_get_back(&p, 300, !kingcom);
    unsigned before = p.counts[SIMCOM_EVENT_DONE];
    check(&p, simcom_session_close(&p.session, now(&p), 0, SIMCOM_CLOSE_SLOW), "close");
    expect(&p, SIMCOM_EVENT_CLOSED, 3);
    expect(&p, SIMCOM_EVENT_DONE, before + 1);
    ready(&p);
    check(&p, simcom_session_shut(&p.session, now(&p)), "shut");
    done(&p, SIMCOM_ACTION_SHUT);

    if (strstr(simcom_recorder_text(p.recorder), "AT+C") == NULL) {
        give_up(&p, "nothing was recorded");
    }
    (void)printf("%s%s%s: %u events\n", name, single ? ", single" : "", push ? ", push" : "",
                 p.counts[SIMCOM_EVENT_RECEIVED] + p.counts[SIMCOM_EVENT_DONE] + p.counts[SIMCOM_EVENT_SENT]);
    simcom_recorder_free(p.recorder);
    simcom_modem_free(p.modem);
}

int main(void) {
    static const char *const NAMES[] = {"sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"};
    for (size_t n = 0; n < sizeof NAMES / sizeof NAMES[0]; n++) {
        for (int mode = 0; mode < 4; mode++) {
            run(NAMES[n], simcom_dialect_by_name(NAMES[n]), (uint8_t)(mode & 1), (uint8_t)(mode >> 1));
        }
    }
    return 0;
}
