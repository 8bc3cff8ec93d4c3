/* A program of somebody else: finds a virtual module and says which. */
#include <simcom.h>

#include <stdio.h>

int main(void) {
    const simcom_dialect *dialect = simcom_dialect_sim7000();
    simcom_modem *modem = simcom_modem_new(dialect, 1);
    simcom_session session;
    uint8_t buffer[256], bytes[256];
    int found = -1;
    if (simcom_abi() != SIMCOM_ABI ||
        simcom_session_init(&session, SIMCOM_ABI, dialect, NULL, buffer, sizeof buffer, 0) != SIMCOM_OK ||
        simcom_session_probe(&session, 0) != SIMCOM_OK) {
        return 1;
    }
    while (found < 0) {
        uint32_t now = simcom_modem_now(modem);
        size_t len = simcom_modem_read(modem, bytes, sizeof bytes);
        const uint8_t *in = bytes;
        simcom_event event;
        while (simcom_session_poll(&session, now, &in, &len, &event) == 1) {
            size_t text_len;
            const uint8_t *text = simcom_session_text(&session, &text_len);
            if (event.kind == SIMCOM_EVENT_LINE) {
                printf("%.*s\n", (int)text_len, (const char *)text);
            } else if (event.kind == SIMCOM_EVENT_DONE || event.kind == SIMCOM_EVENT_FAILED) {
                found = event.kind == SIMCOM_EVENT_DONE;
            }
        }
        const uint8_t *out = simcom_session_transmit(&session, &len);
        (void)simcom_session_transmitted(&session, now, simcom_modem_write(modem, out, len));
        if (simcom_modem_wait(modem, simcom_session_wait_ms(&session, now)) < 0) {
            return 1;
        }
    }
    simcom_modem_free(modem);
    return found == 1 ? 0 : 1;
}
