/* What the reader alone costs: module bytes in, reports out. Linked to be measured, never run: the port is a register. */
#include "simcom.h"

volatile uint32_t uart_in, uart_out, clock_ms;

static simcom_reader reader;

int main(void) {
    (void)simcom_reader_init(&reader, SIMCOM_ABI, SIMCOM_DIALECT_SIM800, 1000);
    for (;;) {
        uint8_t byte = (uint8_t)uart_in;
        const uint8_t *in = &byte;
        size_t len = 1;
        simcom_report report;
        while (simcom_reader_poll(&reader, clock_ms, NULL, &in, &len, &report) == 1) {
            uart_out = report.kind;
        }
    }
}
