/* What a TCP client costs: attach, open, send, receive, close; nothing else. Linked to be measured, never run: the port is
   one register for each direction, and the clock is another. */
#include "simcom.h"

volatile uint32_t uart_in, uart_out, clock_ms;

static simcom_session session;
static uint8_t buffer[256];

static const simcom_dialect *dialect(void) {
#ifdef ALL_DIALECTS
    static const simcom_dialect *(*const ALL[])(void) = {
        simcom_dialect_sim800, simcom_dialect_sim800e, simcom_dialect_sim7000, simcom_dialect_kingcom, simcom_dialect_a7600,
    };
    return ALL[uart_in % 5U]();
#else
    return simcom_dialect_sim800();
#endif
}

static void take(const simcom_event *event) {
    switch (event->kind) {
    case SIMCOM_EVENT_DONE:
        if (event->action == SIMCOM_ACTION_ATTACH) {
            (void)simcom_session_open(&session, clock_ms, 0, SIMCOM_TCP, "example.com", 80, 0);
        }
        break;
    case SIMCOM_EVENT_OPENED:
        (void)simcom_session_send(&session, clock_ms, event->link, (const uint8_t *)"GET /\r\n", 7, NULL);
        break;
    case SIMCOM_EVENT_RECEIVED:
        for (size_t i = 0; i < event->len; i++) {
            uart_out = event->data[i];
        }
        break;
    case SIMCOM_EVENT_PEER_CLOSED:
        (void)simcom_session_close(&session, clock_ms, event->link, SIMCOM_CLOSE_SLOW);
        break;
    case SIMCOM_EVENT_FAILED:
        (void)simcom_session_attach(&session, clock_ms, 0, "internet", NULL, NULL);
        break;
    default:
        break;
    }
}

int main(void) {
    (void)simcom_session_init(&session, SIMCOM_ABI, dialect(), NULL, buffer, sizeof buffer, clock_ms);
    (void)simcom_session_attach(&session, clock_ms, 0, "internet", NULL, NULL);
    for (;;) {
        uint8_t byte = (uint8_t)uart_in;
        const uint8_t *in = &byte;
        size_t len = 1;
        simcom_event event;
        while (simcom_session_poll(&session, clock_ms, &in, &len, &event) == 1) {
            take(&event);
        }
        const uint8_t *out = simcom_session_transmit(&session, &len);
        if (len > 0) {
            uart_out = *out;
            (void)simcom_session_transmitted(&session, clock_ms, 1);
        }
    }
}
