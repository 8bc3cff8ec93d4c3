/* From reset to main: vectors, memory, a painted stack; and semihosting. */
#include "board.h"

extern uint32_t data_start;
extern uint32_t data_end;
extern uint32_t data_load;
extern uint32_t bss_start;
extern uint32_t bss_end;
extern uint32_t stack_bottom;
extern uint32_t stack_top;
extern int main(void);
void reset_handler(void);
void fault_handler(void);
void systick_handler(void);

#define PAINT 0xA5A5A5A5U

typedef void (*handler)(void);
typedef struct {
    uint32_t *stack;
    handler handlers[15];
} vectors;

extern const vectors core_vectors;
const vectors core_vectors __attribute__((section(".vectors"), used)) = {
    &stack_top,
    {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, 0, 0, 0, 0, fault_handler,
     fault_handler, 0, fault_handler, systick_handler},
};

/* Words of memory up to an address. */
static void fill(uint32_t *from, uintptr_t end, uint32_t value) {
    uint32_t *to = from;
    while ((uintptr_t)to < end) {
        *to = value;
        to++;
    }
}

void reset_handler(void) {
    const uint32_t *from = &data_load;
    uint32_t *to = &data_start;
    uintptr_t here;
    while ((uintptr_t)to < (uintptr_t)&data_end) {
        *to = *from;
        to++;
        from++;
    }
    fill(&bss_start, (uintptr_t)&bss_end, 0U);
    __asm__ volatile("mov %0, sp" : "=r"(here));
    /* The frame of fill itself, and some more, stays as it is: the program goes deeper. */
    fill(&stack_bottom, here - 64U, PAINT);
    (void)main();
    host_exit(0U);
}

void fault_handler(void) {
    host_say("fault\n");
    host_exit(102U);
}

uint32_t stack_used(void) {
    const uint32_t *at = &stack_bottom;
    while (((uintptr_t)at < (uintptr_t)&stack_top) && (*at == PAINT)) {
        at++;
    }
    return (uint32_t)((uintptr_t)&stack_top - (uintptr_t)at);
}

static uint32_t semihosting(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void host_say(const char *text) {
    (void)semihosting(0x04U, text);
}

void host_say_number(const char *before, uint32_t number, const char *behind) {
    char digits[11];
    char *at = &digits[10];
    *at = '\0';
    uint32_t rest = number;
    do {
        at--;
        *at = (char)('0' + (rest % 10U));
        rest /= 10U;
    } while (rest != 0U);
    host_say(before);
    host_say(at);
    host_say(behind);
}

uint32_t host_argument(void) {
    static char line[80];
    struct {
        char *line;
        uint32_t len;
    } block = {line, sizeof line};
    uint32_t number = 0U;
    if (semihosting(0x15U, &block) != 0U) {
        return 0U;
    }
    for (const char *at = line; *at != '\0'; at++) {
        number = ((*at >= '0') && (*at <= '9')) ? (number * 10U) + (uint32_t)(*at - '0') : 0U;
    }
    return number;
}

void host_exit(uint32_t code) {
    const uint32_t block[2] = {0x20026U, code};
    (void)semihosting(0x20U, block);
    for (;;) {
    }
}
