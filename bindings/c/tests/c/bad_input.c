/* Bad input: each has its error, and nothing has changed behind it. */
#include "simcom.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void same(int line, long long got, long long want) {
    if (got != want) {
        (void)fprintf(stderr, "line %d: %lld (%s), not %lld (%s)\n", line, got, simcom_strerror((int32_t)got), want,
                      simcom_strerror((int32_t)want));
        failures += 1;
    }
}

#define SAME(got, want) same(__LINE__, (long long)(got), (long long)(want))

static simcom_session s;
static uint8_t buffer[64];

static simcom_result init(uint32_t abi, const simcom_settings *settings, uint8_t *at, size_t len) {
    return simcom_session_init(&s, abi, simcom_dialect_sim800(), settings, at, len, 0);
}

static void beginning(void) {
    simcom_settings settings;
    simcom_session other;
    memset(&other, 0, sizeof other);
    SAME(simcom_abi(), SIMCOM_ABI);
    SAME(strcmp(simcom_version(), SIMCOM_VERSION), 0);
    SAME(simcom_settings_default(NULL, sizeof settings), SIMCOM_NULL);
    SAME(simcom_settings_default(&settings, sizeof settings - 4), SIMCOM_BAD_SIZE);
    SAME(simcom_settings_default(&settings, sizeof settings), SIMCOM_OK);
    SAME(settings.size, sizeof settings);

    SAME(simcom_session_probe(NULL, 0), SIMCOM_NULL);
    SAME(simcom_session_probe(&s, 0), SIMCOM_NOT_INITIALISED);
    SAME(simcom_session_reset(&s, 0), SIMCOM_NOT_INITIALISED);
    SAME(init(SIMCOM_ABI + 1, &settings, buffer, sizeof buffer), SIMCOM_BAD_ABI);
    SAME(init(SIMCOM_ABI, &settings, NULL, 1), SIMCOM_NULL);
    SAME(init(SIMCOM_ABI, &settings, buffer, 65536), SIMCOM_BAD_SIZE);
    SAME(simcom_session_init(NULL, SIMCOM_ABI, simcom_dialect_sim800(), NULL, buffer, 64, 0), SIMCOM_NULL);
    SAME(simcom_session_init(&s, SIMCOM_ABI, NULL, NULL, buffer, 64, 0), SIMCOM_NULL);
    SAME(simcom_session_init((simcom_session *)(void *)((uint8_t *)&s + 1), SIMCOM_ABI, simcom_dialect_sim800(), NULL,
                             buffer, 64, 0),
         SIMCOM_NULL);
    settings.size -= 4; /* An older header. */
    SAME(init(SIMCOM_ABI, &settings, buffer, sizeof buffer), SIMCOM_BAD_SIZE);
    settings.size += 8; /* A newer one. */
    SAME(init(SIMCOM_ABI, &settings, buffer, sizeof buffer), SIMCOM_BAD_SIZE);
    SAME(simcom_settings_default(&settings, sizeof settings), SIMCOM_OK);
    settings.push = 2;
    SAME(init(SIMCOM_ABI, &settings, buffer, sizeof buffer), SIMCOM_BAD_VALUE);
    /* Nothing of this has begun a session. */
    SAME(memcmp(&s, &other, sizeof s), 0);
    SAME(init(SIMCOM_ABI, NULL, NULL, 0), SIMCOM_OK);
    SAME(simcom_session_probe(&s, 0), SIMCOM_SMALL_BUFFER);
    SAME(simcom_session_needed(&s) > 3, 1);
    SAME(init(SIMCOM_ABI, NULL, buffer, sizeof buffer), SIMCOM_OK);
}

static void commands(void) {
    simcom_address to = {{127, 0, 0, 1}, 7};
    char long_text[2000];
    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    SAME(simcom_session_is_ready(&s), 1);
    SAME(simcom_session_open(&s, 0, 6, SIMCOM_TCP, "a", 7, 0), SIMCOM_NO_SUCH_LINK);
    SAME(simcom_session_open(&s, 0, 255, SIMCOM_TCP, "a", 7, 0), SIMCOM_NO_SUCH_LINK);
    SAME(simcom_session_open(&s, 0, 0, 2, "a", 7, 0), SIMCOM_BAD_VALUE);
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, NULL, 7, 0), SIMCOM_NULL);
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, "", 7, 0), SIMCOM_BAD_LENGTH);
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, "a\"b", 7, 0), SIMCOM_BAD_TEXT);
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, "a\r\nAT+CPOWD=1", 7, 0), SIMCOM_BAD_TEXT);
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, "b\xc3\xbc" "cher.test", 7, 0), SIMCOM_BAD_TEXT);
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, long_text, 7, 0), SIMCOM_BAD_LENGTH);
    long_text[60] = '\0';
    SAME(simcom_session_open(&s, 0, 0, SIMCOM_TCP, long_text, 7, 0), SIMCOM_SMALL_BUFFER);
    SAME(simcom_session_needed(&s) > 60 && simcom_session_needed(&s) < 200, 1);
    SAME(simcom_session_attach(&s, 0, 0, NULL, NULL, NULL), SIMCOM_NULL);
    SAME(simcom_session_attach(&s, 0, 2, "a", NULL, NULL), SIMCOM_NOT_IN_DIALECT);
    SAME(simcom_session_attach(&s, 0, 0, "a\x1a", NULL, NULL), SIMCOM_BAD_TEXT);
    SAME(simcom_session_sim(&s, 0, "123"), SIMCOM_BAD_LENGTH);
    SAME(simcom_session_send(&s, 0, 0, buffer, 1, NULL), SIMCOM_NOT_OPEN);
    SAME(simcom_session_send(&s, 0, 0, NULL, 1, NULL), SIMCOM_NULL);
    SAME(simcom_session_send(&s, 0, 0, buffer, (size_t)-1, NULL), SIMCOM_BAD_SIZE);
    SAME(simcom_session_send(&s, 0, 9, buffer, 1, &to), SIMCOM_NO_SUCH_LINK);
    SAME(simcom_session_receive(&s, 0, 0, 1), SIMCOM_NOT_OPEN);
    SAME(simcom_session_close(&s, 0, 0, SIMCOM_CLOSE_SLOW), SIMCOM_NOT_OPEN);
    SAME(simcom_session_close(&s, 0, 0, 2), SIMCOM_BAD_VALUE);
    SAME(simcom_session_udp_peer(&s, 0, 0, NULL), SIMCOM_NULL);
    SAME(simcom_session_listen(&s, 0, 0, 7, 80, 1), SIMCOM_BAD_VALUE);
    SAME(simcom_session_leave_data(&s, 0), SIMCOM_STATE);
    SAME(simcom_session_dcd(&s, 0, 2), SIMCOM_BAD_VALUE);
    SAME(simcom_session_raw(&s, 0, NULL, 0), SIMCOM_NULL);
    SAME(simcom_session_raw(&s, 0, "", 0), SIMCOM_BAD_LENGTH);
    SAME(simcom_session_raw(&s, 0, "AT+CIPSEND", 0), SIMCOM_FRAMING);
    SAME(simcom_session_raw(&s, 0, "AT\r", 0), SIMCOM_BAD_TEXT);
    SAME(simcom_session_resolve(&s, 0, NULL), SIMCOM_NULL);
    SAME(simcom_session_set(&s, 0, 200, NULL, 0), SIMCOM_BAD_VALUE);
    SAME(simcom_session_set(&s, 0, SIMCOM_SETTING_CIPMUX, NULL, 1), SIMCOM_NULL);
    SAME(simcom_session_set(&s, 0, SIMCOM_SETTING_CIPMUX, NULL, 9), SIMCOM_BAD_SIZE);
    const simcom_field quote = {"a\"b", 0};
    SAME(simcom_session_set(&s, 0, SIMCOM_SETTING_CSTT, &quote, 1), SIMCOM_BAD_TEXT);
    SAME(simcom_session_ask(&s, 0, SIMCOM_SETTING_CIPTIMEOUT), SIMCOM_NOT_IN_DIALECT);
    SAME(simcom_session_ask(&s, 0, 31), SIMCOM_BAD_VALUE);
    SAME(simcom_session_set_dns(&s, 0, NULL, NULL), SIMCOM_NULL);
    SAME(simcom_session_sleep(&s, 0), SIMCOM_STATE);
    SAME(simcom_session_wake(&s, 0), SIMCOM_STATE);
    SAME(simcom_session_is_asleep(&s), 0);
    /* Nothing of this has begun a command. */
    SAME(simcom_session_is_ready(&s), 1);
    SAME(simcom_session_transmit(&s, NULL) == NULL, 1);
    SAME(simcom_session_wait_ms(&s, 0), SIMCOM_FOREVER);
    SAME(simcom_session_reason(&s), SIMCOM_REASON_NONE);
    SAME(simcom_session_signal(&s, 0), SIMCOM_OK);
    SAME(simcom_session_signal(&s, 0), SIMCOM_BUSY);
}

static void polling(void) {
    const uint8_t *in = (const uint8_t *)"\r\nRING\r\n";
    const uint8_t *none = NULL;
    size_t len = 8, nothing = 0, some = 1, much = (size_t)-1;
    simcom_event event;
    SAME(simcom_session_poll(&s, 0, &in, &len, NULL), SIMCOM_NULL);
    SAME(simcom_session_poll(&s, 0, &in, NULL, &event), SIMCOM_NULL);
    SAME(simcom_session_poll(&s, 0, NULL, &len, &event), SIMCOM_NULL);
    SAME(simcom_session_poll(&s, 0, &none, &some, &event), SIMCOM_NULL);
    SAME(simcom_session_poll(&s, 0, &in, &much, &event), SIMCOM_BAD_SIZE);
    SAME(simcom_session_poll(NULL, 0, &in, &len, &event), SIMCOM_NULL);
    SAME(len, 8);
    SAME(simcom_session_poll(&s, 0, &in, &len, &event), 1);
    SAME(event.kind, SIMCOM_EVENT_RING);
    SAME(event.link, SIMCOM_NO_LINK);
    SAME(simcom_session_poll(&s, 0, &in, &len, &event), 0);
    SAME(len, 0);
    SAME(simcom_session_poll(&s, 0, &none, &nothing, &event), 0);
    SAME(simcom_session_poll(&s, 0, NULL, NULL, &event), 0);
    (void)simcom_session_transmit(&s, &len);
    SAME(len > 0, 1);
    SAME(simcom_session_transmitted(&s, 0, len + 1), SIMCOM_BAD_SIZE);
    SAME(simcom_session_transmitted(&s, 0, len), SIMCOM_OK);
    SAME(simcom_session_transmit(NULL, &len) == NULL, 1);
    SAME(len, 0);
    SAME(simcom_session_text(NULL, NULL) == NULL, 1);
    SAME(simcom_session_wait_ms(NULL, 0), 0);
    SAME(simcom_session_max_payload(NULL), 0);
}

static void reader(void) {
    static simcom_reader r;
    const uint8_t *in = (const uint8_t *)"\r\n+CSQ: 9,0\r\n";
    size_t len = 13;
    simcom_asked asked;
    simcom_report report;
    memset(&asked, 0, sizeof asked);
    SAME(simcom_reader_poll(&r, 0, NULL, &in, &len, &report), SIMCOM_NOT_INITIALISED);
    SAME(simcom_reader_init(NULL, SIMCOM_ABI, SIMCOM_DIALECT_A7600, 1000), SIMCOM_NULL);
    SAME(simcom_reader_init(&r, 0, SIMCOM_DIALECT_A7600, 1000), SIMCOM_BAD_ABI);
    SAME(simcom_reader_init(&r, SIMCOM_ABI, 6, 1000), SIMCOM_BAD_VALUE);
    SAME(simcom_dialect_number(simcom_dialect_a7600()), SIMCOM_DIALECT_A7600);
    SAME(simcom_dialect_number(NULL), 255);
    SAME(simcom_reader_init(&r, SIMCOM_ABI, SIMCOM_DIALECT_A7600, 1000), SIMCOM_OK);
    SAME(simcom_reader_poll(&r, 0, NULL, &in, &len, NULL), SIMCOM_NULL);
    asked.ask = 99;
    SAME(simcom_reader_poll(&r, 0, &asked, &in, &len, &report), SIMCOM_BAD_VALUE);
    asked.ask = SIMCOM_ASK_OTHER;
    asked.echo_len = 3;
    SAME(simcom_reader_poll(&r, 0, &asked, &in, &len, &report), SIMCOM_NULL);
    asked.echo_len = 0;
    SAME(simcom_reader_poll(&r, 0, &asked, &in, &len, &report), 1);
    SAME(report.kind, SIMCOM_REPORT_SIGNAL);
    SAME(report.number[0], 9);
    SAME(report.line_len, 9);
    SAME(memcmp(report.line, "+CSQ: 9,0", 9), 0);
    SAME(simcom_reader_wait_ms(&r, 0), SIMCOM_FOREVER);
    SAME(simcom_reader_finish(&r, &report), 0);
}

static void host(void) {
    SAME(simcom_dialect_by_name(NULL) == NULL, 1);
    SAME(simcom_dialect_by_name("sim900") == NULL, 1);
    SAME(simcom_dialect_links(simcom_dialect_by_name("a7600")), 10);
    SAME(simcom_dialect_links(NULL), 0);
    SAME(simcom_modem_new(NULL, 0) == NULL, 1);
    SAME(simcom_modem_wait(NULL, 0), SIMCOM_NULL);
    SAME(simcom_modem_write(NULL, buffer, 1), 0);
    SAME(simcom_modem_fault(NULL, 1, 0), SIMCOM_NULL);
    simcom_modem *modem = simcom_modem_new(simcom_dialect_sim7000(), 1);
    SAME(simcom_modem_fault(modem, 0, 0), SIMCOM_BAD_VALUE);
    SAME(simcom_modem_fault(modem, SIMCOM_FAULT_CONTEXT_LOST, 2), SIMCOM_BAD_VALUE);
    SAME(simcom_modem_peer_close(modem, 0), SIMCOM_NOT_OPEN);
    SAME(simcom_modem_read(modem, NULL, 5), 0);
    simcom_modem_free(modem);
    simcom_modem_free(NULL);
    SAME(simcom_observer_new(NULL) == NULL, 1);
    simcom_observer *observer = simcom_observer_new(simcom_dialect_kingcom());
    SAME(simcom_observer_configure(observer, "mux", "some"), SIMCOM_BAD_VALUE);
    SAME(simcom_observer_configure(observer, NULL, "1"), SIMCOM_NULL);
    SAME(simcom_observer_poll(observer, NULL, NULL, NULL), SIMCOM_NULL);
    SAME(simcom_observer_text(observer) == NULL, 1);
    simcom_observer_free(observer);
    simcom_observer_free(NULL);
    SAME(simcom_recorder_new(simcom_dialect_sim800(), NULL) == NULL, 1);
    SAME(simcom_recorder_host(NULL, 0, buffer, 1), SIMCOM_NULL);
    SAME(simcom_recorder_text(NULL) == NULL, 1);
    simcom_recorder_free(NULL);
}

int main(void) {
    beginning();
    commands();
    polling();
    reader();
    host();
    (void)printf("bad input: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
