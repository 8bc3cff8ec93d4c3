/* A ring buffer between one interrupt that puts bytes in and one loop that takes them out. No lock: each index has one
   writer, and one byte always stays free. */
#ifndef RING_H
#define RING_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t bytes[512];
    volatile uint16_t in;  /* The interrupt's: where the next byte goes. */
    volatile uint16_t out; /* The loop's: where the next byte is. */
    volatile uint16_t lost;
} ring;

/* In the interrupt. */
static inline void ring_put(ring *r, uint8_t byte) {
    uint16_t next = (uint16_t)((r->in + 1U) % sizeof r->bytes);
    if (next == r->out) {
        r->lost = (uint16_t)(r->lost + 1U);
    } else {
        r->bytes[r->in] = byte;
        r->in = next;
    }
}

/* In the loop: the bytes that lie in a row; NULL and 0 for none. They stay until ring_took. */
static inline const uint8_t *ring_peek(const ring *r, size_t *len) {
    uint16_t in = r->in;
    uint16_t out = r->out;
    *len = (in >= out) ? ((size_t)in - out) : (sizeof r->bytes - out);
    return (*len == 0U) ? NULL : &r->bytes[out];
}

/* In the loop: so many of them are done with. */
static inline void ring_took(ring *r, size_t n) {
    r->out = (uint16_t)((r->out + n) % sizeof r->bytes);
}

#endif
