#include "report_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_byte(text *t, char byte) {
    if (t->len == t->room) {
        size_t room = t->room == 0 ? 64 : 2 * t->room;
        char *more = realloc(t->at, room);
        if (more == NULL) {
            abort();
        }
        t->at = more;
        t->room = room;
    }
    t->at[t->len] = byte;
    t->len += 1;
}

void text_bytes(text *t, const void *bytes, size_t len) {
    const char *from = bytes;
    for (size_t i = 0; i < len; i++) {
        text_byte(t, from[i]);
    }
}

void text_add(text *t, const char *string) {
    text_bytes(t, string, strlen(string));
}

/* Makes it a string; the NUL does not count. */
void text_end(text *t) {
    text_byte(t, '\0');
    t->len -= 1;
}

void text_clear(text *t) {
    t->len = 0;
}

void text_free(text *t) {
    free(t->at);
    memset(t, 0, sizeof *t);
}

static void escaped(text *t, const uint8_t *bytes, size_t len, int quotes) {
    for (size_t i = 0; i < len; i++) {
        uint8_t b = bytes[i];
        char hex[5];
        switch (b) {
        case '\r':
            text_add(t, "\\r");
            break;
        case '\n':
            text_add(t, "\\n");
            break;
        case '\t':
            text_add(t, "\\t");
            break;
        case '\\':
            text_add(t, "\\\\");
            break;
        default:
            if (b == '"' && quotes) {
                text_add(t, "\\\"");
            } else if (b == ' ' && (i == 0 || i + 1 == len)) {
                text_add(t, "\\x20");
            } else if (b >= ' ' && b <= '~') {
                text_byte(t, (char)b);
            } else {
                (void)snprintf(hex, sizeof hex, "\\x%02x", b);
                text_add(t, hex);
            }
        }
    }
}

/* A report being written: its name, then its fields. */
typedef struct {
    text *out;
    int fields;
} said;

static said begin(text *out, const char *name) {
    said s = {out, 0};
    text_add(out, name);
    return s;
}

static void end(said *s) {
    text_add(s->out, s->fields == 0 ? "\n" : "}\n");
}

static void key(said *s, const char *name) {
    text_byte(s->out, s->fields == 0 ? '{' : ',');
    s->fields += 1;
    if (name[0] != '\0') {
        text_add(s->out, name);
        text_byte(s->out, '=');
    }
}

static void number(said *s, const char *name, int64_t value) {
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%lld", (long long)value);
    key(s, name);
    text_add(s->out, digits);
}

static int is_bare(const char *name, const uint8_t *bytes, size_t len) {
    if (name[0] == '\0' || strcmp(name, "bytes") == 0 || len == 0) {
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        uint8_t b = bytes[i];
        int letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
        if (!letter && (b == 0 || strchr("+-.:_/?", b) == NULL)) {
            return 0;
        }
    }
    return 1;
}

static void value(said *s, const char *name, const void *bytes, size_t len) {
    const uint8_t *at = bytes;
    key(s, name);
    if (is_bare(name, at, len)) {
        escaped(s->out, at, len, 0);
    } else {
        text_byte(s->out, '"');
        escaped(s->out, at, len, 1);
        text_byte(s->out, '"');
    }
}

static void value_if(said *s, const char *name, const void *bytes, size_t len) {
    if (len > 0) {
        value(s, name, bytes, len);
    }
}

static const uint8_t *span(const simcom_report *r, simcom_span part, size_t *len) {
    *len = 0;
    if (part.start >= part.end || part.end > r->line_len) {
        return r->line;
    }
    *len = (size_t)part.end - part.start;
    return r->line + part.start;
}

static void part(said *s, const char *name, const simcom_report *r, simcom_span which) {
    size_t len;
    const uint8_t *at = span(r, which, &len);
    value(s, name, at, len);
}

static void part_if(said *s, const char *name, const simcom_report *r, simcom_span which) {
    size_t len;
    const uint8_t *at = span(r, which, &len);
    value_if(s, name, at, len);
}

static void on(said *s, const simcom_report *r) {
    char name[4];
    switch (r->link) {
    case SIMCOM_LINK_SINGLE:
        (void)strcpy(name, "s");
        break;
    case SIMCOM_LINK_DATA:
        (void)strcpy(name, "t");
        break;
    case SIMCOM_LINK_UNNAMED:
        (void)strcpy(name, "?");
        break;
    default:
        (void)snprintf(name, sizeof name, "%u", r->link);
    }
    value(s, "link", name, strlen(name));
}

static void number_if(said *s, const char *name, const simcom_report *r, int index) {
    if ((r->has & (SIMCOM_HAS_FIRST << index)) != 0) {
        number(s, name, r->number[index]);
    }
}

static void transport(said *s, const simcom_report *r) {
    if ((r->has & (SIMCOM_HAS_TCP | SIMCOM_HAS_UDP)) != 0) {
        value(s, "proto", (r->has & SIMCOM_HAS_TCP) != 0 ? "TCP" : "UDP", 3);
    }
}

static void code(said *s, const simcom_report *r) {
    if ((r->has & SIMCOM_HAS_FIRST) != 0) {
        number(s, "code", r->number[0]);
    } else {
        part(s, "text", r, r->text);
    }
}

static int is_blank(uint8_t b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
}

/* "1.2.3.4","5.6.7.8" as a list. */
static void addresses(said *s, const simcom_report *r) {
    size_t len;
    const uint8_t *at = span(r, r->text2, &len);
    int count = 0;
    key(s, "ips");
    text_byte(s->out, '[');
    for (size_t from = 0; from <= len && len > 0;) {
        size_t to = from;
        while (to < len && at[to] != ',') {
            to += 1;
        }
        size_t a = from, b = to;
        while (a < b && (is_blank(at[a]) || at[a] == '"')) {
            a += 1;
        }
        while (a < b && (is_blank(at[b - 1]) || at[b - 1] == '"')) {
            b -= 1;
        }
        if (a < b) {
            if (count > 0) {
                text_byte(s->out, ',');
            }
            escaped(s->out, at + a, b - a, 0);
            count += 1;
        }
        from = to + 1;
    }
    text_byte(s->out, ']');
}

static const char *const NAMES[] = {
    "",           "Ok",         "Error",           "CmeError",    "CmsError",   "IpError",       "CipError",
    "Prompt",     "ConnectOk",  "ConnectFail",     "AlreadyConnected", "DataMode", "SendOk",     "SendFail",
    "DataAccept", "RxPending",  "RxAvail",         "Data",        "Closed",     "CloseOk",       "CloseErr",
    "Shut",       "NetOpen",    "NetClose",        "NetState",    "NetLost",    "PdpDeact",      "State",
    "LinkState",  "ServerState", "LinkVector",     "LocalIp",     "Dns",        "DnsFail",       "ServerOk",
    "ServerClose", "ServerStopped", "Accepted",    "Boot",        "PowerDown",  "PowerWarn",     "Signal",
    "Registration", "Sim",      "Attach",          "Ack",         "Ring",       "Sms",           "Line",
    "Lost",
};

static void whole(const simcom_report *r, text *out) {
    if (r->kind == 0 || r->kind >= sizeof NAMES / sizeof NAMES[0]) {
        text_add(out, "unknown kind\n");
        return;
    }
    said s = begin(out, NAMES[r->kind]);
    switch (r->kind) {
    case SIMCOM_REPORT_ERROR:
    case SIMCOM_REPORT_DATA_MODE:
        part_if(&s, "text", r, r->text);
        break;
    case SIMCOM_REPORT_CME_ERROR:
    case SIMCOM_REPORT_CMS_ERROR:
    case SIMCOM_REPORT_IP_ERROR:
    case SIMCOM_REPORT_CIP_ERROR:
        code(&s, r);
        break;
    case SIMCOM_REPORT_CONNECT_OK:
    case SIMCOM_REPORT_ALREADY_CONNECTED:
    case SIMCOM_REPORT_SEND_FAIL:
    case SIMCOM_REPORT_RX_PENDING:
    case SIMCOM_REPORT_CLOSE_OK:
        on(&s, r);
        break;
    case SIMCOM_REPORT_CONNECT_FAIL:
        on(&s, r);
        number_if(&s, "err", r, 0);
        part_if(&s, "state", r, r->text);
        break;
    case SIMCOM_REPORT_SEND_OK:
        on(&s, r);
        number_if(&s, "req", r, 0);
        number_if(&s, "cnf", r, 1);
        break;
    case SIMCOM_REPORT_DATA_ACCEPT:
    case SIMCOM_REPORT_RX_AVAIL:
        on(&s, r);
        number_if(&s, "len", r, 0);
        break;
    case SIMCOM_REPORT_CLOSED:
        on(&s, r);
        number_if(&s, "reason", r, 0);
        break;
    case SIMCOM_REPORT_CLOSE_ERR:
        on(&s, r);
        number_if(&s, "err", r, 0);
        break;
    case SIMCOM_REPORT_NET_OPEN:
    case SIMCOM_REPORT_NET_CLOSE:
        number_if(&s, "err", r, 0);
        break;
    case SIMCOM_REPORT_NET_STATE:
        number_if(&s, "open", r, 0);
        break;
    case SIMCOM_REPORT_STATE:
    case SIMCOM_REPORT_BOOT:
    case SIMCOM_REPORT_POWER_DOWN:
    case SIMCOM_REPORT_POWER_WARN:
    case SIMCOM_REPORT_SIM:
        part(&s, "", r, r->text);
        break;
    case SIMCOM_REPORT_LINK_STATE: {
        size_t len;
        const uint8_t *ip = span(r, r->text2, &len);
        on(&s, r);
        number_if(&s, "bearer", r, 0);
        transport(&s, r);
        if (len > 0) {
            value(&s, "ip", ip, len);
            number(&s, "port", r->port);
        }
        part_if(&s, "state", r, r->text);
        if ((r->has & SIMCOM_HAS_SECOND) != 0) {
            number(&s, "server", r->number[1] == UINT32_MAX ? -1 : (int64_t)r->number[1]);
        }
        break;
    }
    case SIMCOM_REPORT_SERVER_STATE:
        number(&s, "port", r->port);
        part(&s, "state", r, r->text);
        break;
    case SIMCOM_REPORT_LINK_VECTOR:
        key(&s, "");
        for (uint32_t n = 0; n < r->number[0]; n++) {
            text_byte(s.out, n == 0 ? '[' : ',');
            text_byte(s.out, n < 32 && ((r->number[1] >> n) & 1) != 0 ? '1' : '0');
        }
        text_add(s.out, r->number[0] == 0 ? "[]" : "]");
        break;
    case SIMCOM_REPORT_LOCAL_IP:
        part(&s, "ip", r, r->text);
        break;
    case SIMCOM_REPORT_DNS:
        part_if(&s, "host", r, r->text);
        addresses(&s, r);
        break;
    case SIMCOM_REPORT_DNS_FAIL:
        number_if(&s, "code", r, 0);
        break;
    case SIMCOM_REPORT_SERVER_STOPPED:
        number_if(&s, "server", r, 0);
        number_if(&s, "err", r, 1);
        break;
    case SIMCOM_REPORT_ACCEPTED:
        on(&s, r);
        part(&s, "ip", r, r->text);
        if ((r->has & SIMCOM_HAS_PORT) != 0) {
            number(&s, "port", r->port);
        }
        number_if(&s, "server", r, 0);
        break;
    case SIMCOM_REPORT_SIGNAL:
        number_if(&s, "rssi", r, 0);
        number_if(&s, "ber", r, 1);
        break;
    case SIMCOM_REPORT_REGISTRATION:
        number_if(&s, "packet", r, 0);
        number_if(&s, "stat", r, 1);
        break;
    case SIMCOM_REPORT_ATTACH:
        number_if(&s, "on", r, 0);
        break;
    case SIMCOM_REPORT_ACK:
        number_if(&s, "sent", r, 0);
        number_if(&s, "acked", r, 1);
        number_if(&s, "third", r, 2);
        break;
    case SIMCOM_REPORT_SMS:
        number_if(&s, "index", r, 0);
        break;
    case SIMCOM_REPORT_LOST:
        number_if(&s, "bytes", r, 0);
        break;
    default:
        break;
    }
    end(&s);
}

static int digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void from_hex(const text *wire, text *bytes) {
    for (size_t i = 0; i < wire->len; i += 2) {
        int high = digit(wire->at[i]);
        int low = i + 1 < wire->len ? digit(wire->at[i + 1]) : -1;
        if (high >= 0 && low >= 0) {
            text_byte(bytes, (char)(high * 16 + low));
        } else {
            text_bytes(bytes, wire->at + i, i + 1 < wire->len ? 2 : 1);
        }
    }
}

static void end_data(joiner *j, text *out) {
    if (!j->has_data) {
        return;
    }
    const simcom_report *r = &j->data;
    text bytes = {NULL, 0, 0};
    if ((r->has & SIMCOM_HAS_HEX) != 0) {
        from_hex(&j->data_bytes, &bytes);
    } else {
        text_bytes(&bytes, j->data_bytes.at, j->data_bytes.len);
    }
    said s = begin(out, "Data");
    on(&s, r);
    number(&s, "len", r->number[0] == 0 ? (int64_t)bytes.len : (int64_t)r->number[0]);
    value(&s, "bytes", bytes.at, bytes.len);
    number_if(&s, "rest", r, 2);
    if ((r->has & SIMCOM_HAS_IP) != 0) {
        char from[24];
        (void)snprintf(from, sizeof from, "%u.%u.%u.%u:%u", r->ip[0], r->ip[1], r->ip[2], r->ip[3], r->port);
        value(&s, "from", from, strlen(from));
    }
    transport(&s, r);
    if ((r->has & SIMCOM_HAS_HEX) != 0) {
        value(&s, "enc", "hex", 3);
    }
    end(&s);
    text_free(&bytes);
    text_clear(&j->data_bytes);
    j->has_data = 0;
}

void joiner_finish(joiner *j, text *out) {
    end_data(j, out);
    if (j->has_line) {
        said s = begin(out, "Line");
        value(&s, "", j->line.at, j->line.len);
        end(&s);
        text_clear(&j->line);
        j->has_line = 0;
    }
}

/* A counted payload goes on while bytes are left; one without a count until another report comes. */
static int continues(const joiner *j, const simcom_report *piece) {
    int uncounted = piece->link == SIMCOM_LINK_SINGLE || piece->link == SIMCOM_LINK_DATA;
    if (!j->has_data || j->data.link != piece->link) {
        return 0;
    }
    return j->data.number[1] > 0 || (j->data.number[0] == 0 && piece->number[0] == 0 && uncounted);
}

void joiner_push(joiner *j, const simcom_report *report, text *out) {
    if (report->kind == SIMCOM_REPORT_DATA) {
        if (!continues(j, report)) {
            joiner_finish(j, out);
        }
        if (!j->has_data) {
            j->data = *report;
            j->has_data = 1;
        }
        text_bytes(&j->data_bytes, report->data, report->data_len);
        j->data.number[1] = report->number[1];
        if (report->number[1] == 0 && j->data.number[0] != 0) {
            joiner_finish(j, out);
        }
    } else if (report->kind == SIMCOM_REPORT_LINE) {
        end_data(j, out);
        j->has_line = 1;
        text_bytes(&j->line, report->line, report->line_len);
        if (report->number[0] == 0) {
            joiner_finish(j, out);
        }
    } else {
        joiner_finish(j, out);
        whole(report, out);
    }
}

void joiner_free(joiner *j) {
    text_free(&j->data_bytes);
    text_free(&j->line);
}
