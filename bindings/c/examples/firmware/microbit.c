/* BBC micro:bit: nRF51822, Cortex-M0, UART with one byte each way, 16 MHz. */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define UART0 0x40002000U
#define UART_STARTRX REGISTER(UART0 + 0x000U)
#define UART_STARTTX REGISTER(UART0 + 0x008U)
#define UART_RXDRDY REGISTER(UART0 + 0x108U)
#define UART_TXDRDY REGISTER(UART0 + 0x11CU)
#define UART_INTENSET REGISTER(UART0 + 0x304U)
#define UART_ENABLE REGISTER(UART0 + 0x500U)
#define UART_PSELTXD REGISTER(UART0 + 0x50CU)
#define UART_PSELRXD REGISTER(UART0 + 0x514U)
#define UART_RXD REGISTER(UART0 + 0x518U)
#define UART_TXD REGISTER(UART0 + 0x51CU)
#define UART_BAUDRATE REGISTER(UART0 + 0x524U)

#define TIMER0 0x40008000U
#define TIMER_START REGISTER(TIMER0 + 0x000U)
#define TIMER_CLEAR REGISTER(TIMER0 + 0x00CU)
#define TIMER_COMPARE0 REGISTER(TIMER0 + 0x140U)
#define TIMER_SHORTS REGISTER(TIMER0 + 0x200U)
#define TIMER_INTENSET REGISTER(TIMER0 + 0x304U)
#define TIMER_MODE REGISTER(TIMER0 + 0x504U)
#define TIMER_BITMODE REGISTER(TIMER0 + 0x508U)
#define TIMER_PRESCALER REGISTER(TIMER0 + 0x510U)
#define TIMER_CC0 REGISTER(TIMER0 + 0x540U)

#define NVIC_ISER0 REGISTER(0xE000E100U)
#define UART0_IRQ 2U
#define TIMER0_IRQ 8U

ring received;
static volatile uint32_t ms;
static int sending;

void systick_handler(void);
void uart0_handler(void);
void timer0_handler(void);

/* This chip has none. */
void systick_handler(void) {
}

void timer0_handler(void) {
    TIMER_COMPARE0 = 0U;
    ms += 1U;
}

void uart0_handler(void) {
    while (UART_RXDRDY != 0U) {
        UART_RXDRDY = 0U;
        ring_put(&received, (uint8_t)UART_RXD);
    }
}

void board_start(void) {
    UART_PSELTXD = 24U;
    UART_PSELRXD = 25U;
    UART_BAUDRATE = 0x01D7E000U; /* 115,200 */
    UART_ENABLE = 4U;
    UART_STARTTX = 1U;
    UART_STARTRX = 1U;
    UART_INTENSET = 4U; /* A byte has come. */
    TIMER_MODE = 0U;
    TIMER_BITMODE = 3U;   /* 32 bits */
    TIMER_PRESCALER = 4U; /* 1 MHz */
    TIMER_CC0 = 1000U;
    TIMER_SHORTS = 1U; /* It begins anew at 1,000. */
    TIMER_INTENSET = 0x10000U;
    TIMER_CLEAR = 1U;
    TIMER_START = 1U;
    NVIC_ISER0 = (1U << UART0_IRQ) | (1U << TIMER0_IRQ);
}

uint32_t board_ms(void) {
    return ms;
}

int board_uart_put(uint8_t byte) {
    if ((sending != 0) && (UART_TXDRDY == 0U)) {
        return 0;
    }
    UART_TXDRDY = 0U;
    UART_TXD = byte;
    sending = 1;
    return 1;
}

void board_sleep(void) {
    __asm__ volatile("wfi");
}

typedef void (*handler)(void);
extern const handler board_vectors[];
const handler board_vectors[] __attribute__((section(".vectors.board"), used)) = {
    0, 0, uart0_handler, 0, 0, 0, 0, 0, timer0_handler,
};
