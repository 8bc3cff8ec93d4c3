/* Every transcript through the C interface: reads the files that are named, prints "file: report" for each report.

   The text is made here from the flat reports, and must be the text that the library makes; and it must be the same
   however the module's bytes are cut. */
#include "report_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static void fail(const char *file, const char *what, const char *text) {
    (void)fprintf(stderr, "%s: %s: %s\n", file, what, text);
    failures += 1;
}

static int hex(char c) {
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The bytes of a chunk as it is written in a transcript. */
static void unescape(const char *from, text *to) {
    text_clear(to);
    while (*from != '\0') {
        char c = *from++;
        if (c == '\\') {
            c = *from++;
            switch (c) {
            case 'r':
                c = '\r';
                break;
            case 'n':
                c = '\n';
                break;
            case 't':
                c = '\t';
                break;
            case 'x':
                c = (char)(hex(from[0]) * 16 + hex(from[1]));
                from += 2;
                break;
            default:
                break;
            }
        }
        text_byte(to, c);
    }
}

typedef struct {
    const char *file;
    simcom_observer *observer;
    joiner joiner;
    text ours;
    text theirs;
} reading;

/* What the library says, as far as it has said it. */
static void take_texts(reading *r) {
    const char *said;
    while ((said = simcom_observer_text(r->observer)) != NULL) {
        text_add(&r->theirs, said);
        text_byte(&r->theirs, '\n');
    }
}

/* A piece of its own, so that a read beyond it is found. */
static void module(reading *r, const char *bytes, size_t len) {
    uint8_t *piece = malloc(len == 0 ? 1 : len);
    const uint8_t *in = piece;
    size_t left = len;
    simcom_report report;
    int found;
    if (piece == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(piece, bytes, len);
    }
    while ((found = simcom_observer_poll(r->observer, &in, &left, &report)) == 1) {
        joiner_push(&r->joiner, &report, &r->ours);
        take_texts(r);
    }
    if (found != 0 || left != 0 || in != piece + len) {
        fail(r->file, "poll", "an error, or input was left");
    }
    free(piece);
}

static void silence(reading *r, uint32_t ms) {
    if (simcom_observer_silence(r->observer, ms) != SIMCOM_OK) {
        fail(r->file, "silence", "refused");
    }
    module(r, "", 0);
}

/* One line of a file. */
static void step(reading *r, char *line, size_t cut, text *chunk) {
    char *body = strlen(line) > 1 ? line + 2 : line + 1;
    switch (line[0]) {
    case '#':
        if (strncmp(body, "config:", 7) == 0) {
            for (char *word = strtok(body + 7, " "); word != NULL; word = strtok(NULL, " ")) {
                char *value = strchr(word, '=');
                if (value != NULL) {
                    *value = '\0';
                    /* Keys that only the module needs are not known here. */
                    (void)simcom_observer_configure(r->observer, word, value + 1);
                }
            }
        }
        break;
    case '>':
        silence(r, 1000);
        unescape(body, chunk);
        if (simcom_observer_host(r->observer, (const uint8_t *)chunk->at, chunk->len) != SIMCOM_OK) {
            fail(r->file, "host", "refused");
        }
        break;
    case '<':
        unescape(body, chunk);
        for (size_t at = 0; at < chunk->len; at += cut) {
            module(r, chunk->at + at, chunk->len - at < cut ? chunk->len - at : cut);
        }
        break;
    case '~':
        silence(r, (uint32_t)strtoul(body, NULL, 10));
        break;
    default:
        break;
    }
}

/* Reads one file with pieces of at most so many bytes; its reports come behind what is in reports. */
static void read_file(const char *file, const char *content, size_t cut, text *reports) {
    reading r;
    text chunk = {NULL, 0, 0};
    simcom_report report;
    const char *dialect = strstr(content, "# dialect:");
    char name[16] = "";
    char *copy = malloc(strlen(content) + 1);
    if (copy == NULL || dialect == NULL || sscanf(dialect + 10, " %15[a-z0-9]", name) != 1) {
        fail(file, "dialect", "none");
        free(copy);
        return;
    }
    memset(&r, 0, sizeof r);
    r.file = file;
    r.observer = simcom_observer_new(simcom_dialect_by_name(name));
    (void)strcpy(copy, content);
    for (char *line = copy; line != NULL;) {
        char *next = strchr(line, '\n');
        if (next != NULL) {
            *next = '\0';
            next += 1;
        }
        step(&r, line, cut, &chunk);
        line = next;
    }
    silence(&r, 1000);
    if (simcom_observer_finish(r.observer, &report) == 1) {
        joiner_push(&r.joiner, &report, &r.ours);
    }
    joiner_finish(&r.joiner, &r.ours);
    if (simcom_observer_is_pending(r.observer) == 1) {
        text_add(&r.ours, "NoFinal\n");
    }
    take_texts(&r);
    text_end(&r.ours);
    text_end(&r.theirs);
    if (strcmp(r.ours.at, r.theirs.at) != 0) {
        fail(file, "from the flat reports", r.ours.at);
        fail(file, "from the library", r.theirs.at);
    }
    text_add(reports, r.ours.at);
    simcom_observer_free(r.observer);
    joiner_free(&r.joiner);
    text_free(&r.ours);
    text_free(&r.theirs);
    text_free(&chunk);
    free(copy);
}

static void content_of(const char *file, text *content) {
    FILE *from = fopen(file, "rb");
    int c;
    if (from == NULL) {
        fail(file, "open", "cannot");
        return;
    }
    while ((c = fgetc(from)) != EOF) {
        if (c != '\r') {
            text_byte(content, (char)c);
        }
    }
    (void)fclose(from);
    text_end(content);
}

int main(int argc, char **argv) {
    static const size_t CUTS[] = {SIZE_MAX, 1, 2, 3, 7};
    text content = {NULL, 0, 0};
    for (int n = 1; n < argc; n++) {
        text first = {NULL, 0, 0};
        text_clear(&content);
        content_of(argv[n], &content);
        for (size_t c = 0; c < sizeof CUTS / sizeof CUTS[0]; c++) {
            text reports = {NULL, 0, 0};
            read_file(argv[n], content.at, CUTS[c], &reports);
            text_end(&reports);
            if (c == 0) {
                first = reports;
                continue;
            }
            if (strcmp(first.at, reports.at) != 0) {
                fail(argv[n], "cut in another way", reports.at);
            }
            text_free(&reports);
        }
        for (char *line = strtok(first.at, "\n"); line != NULL; line = strtok(NULL, "\n")) {
            (void)printf("%s: %s\n", argv[n], line);
        }
        text_free(&first);
    }
    text_free(&content);
    return failures == 0 ? 0 : 1;
}
