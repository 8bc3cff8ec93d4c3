/* Stellaris LM3S6965 evaluation board: Cortex-M3, PL011 UART. Its clock here is 12.5 MHz, as after a reset in QEMU. */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define UART0 0x4000C000U
#define UART_DR REGISTER(UART0 + 0x000U)
#define UART_FR REGISTER(UART0 + 0x018U)
#define UART_LCRH REGISTER(UART0 + 0x02CU)
#define UART_CTL REGISTER(UART0 + 0x030U)
#define UART_IM REGISTER(UART0 + 0x038U)
#define UART_ICR REGISTER(UART0 + 0x044U)
#define FR_RX_EMPTY 0x10U
#define FR_TX_FULL 0x20U

#define SYSTICK_CTRL REGISTER(0xE000E010U)
#define SYSTICK_LOAD REGISTER(0xE000E014U)
#define SYSTICK_VAL REGISTER(0xE000E018U)
#define NVIC_ISER0 REGISTER(0xE000E100U)
#define UART0_IRQ 5U
#define TICKS_PER_MS 12500U

ring received;
static volatile uint32_t ms;

void systick_handler(void);
void uart0_handler(void);

void systick_handler(void) {
    ms += 1U;
}

void uart0_handler(void) {
    while ((UART_FR & FR_RX_EMPTY) == 0U) {
        ring_put(&received, (uint8_t)UART_DR);
    }
    UART_ICR = 0x50U;
}

void board_start(void) {
    UART_CTL = 0U;
    UART_LCRH = 0x60U;  /* 8 bits, no FIFO: an interrupt a byte. */
    UART_IM = 0x50U;    /* Received, and received a while ago. */
    UART_CTL = 0x301U;
    NVIC_ISER0 = 1U << UART0_IRQ;
    SYSTICK_LOAD = TICKS_PER_MS - 1U;
    SYSTICK_VAL = 0U;
    SYSTICK_CTRL = 7U;
}

uint32_t board_ms(void) {
    return ms;
}

int board_uart_put(uint8_t byte) {
    if ((UART_FR & FR_TX_FULL) != 0U) {
        return 0;
    }
    UART_DR = byte;
    return 1;
}

void board_sleep(void) {
    __asm__ volatile("wfi");
}

/* The vectors behind the first 16: the UART's is number 5. */
typedef void (*handler)(void);
extern const handler board_vectors[];
const handler board_vectors[] __attribute__((section(".vectors.board"), used)) = {
    0, 0, 0, 0, 0, uart0_handler,
};
