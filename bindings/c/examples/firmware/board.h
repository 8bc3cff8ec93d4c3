/* What the program needs of a board: the three functions of a port, and a way to tell how it went. */
#ifndef BOARD_H
#define BOARD_H

#include "ring.h"

/* Bytes of the module, as the interrupt puts them in. */
extern ring received;

void board_start(void);
/* Milliseconds since the start. */
uint32_t board_ms(void);
/* Gives a byte to the UART; 0: it is busy. */
int board_uart_put(uint8_t byte);
/* Sleeps until an interrupt comes; there is one every millisecond. */
void board_sleep(void);

/* Semihosting: the debugger, or the emulator, prints and ends the program. */
void host_say(const char *text);
void host_say_number(const char *before, uint32_t number, const char *behind);
/* The first word that the program was given; 0 where there is none. */
uint32_t host_argument(void);
void host_exit(uint32_t code) __attribute__((noreturn));

/* Bytes of stack that were ever used. */
uint32_t stack_used(void);

#endif
