/* Reports as text, from the flat struct alone: the words of the transcripts. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "simcom.h"

/* Bytes that grow. */
typedef struct {
    char *at;
    size_t len;
    size_t room;
} text;

void text_byte(text *t, char byte);
void text_bytes(text *t, const void *bytes, size_t len);
void text_add(text *t, const char *string);
void text_end(text *t);
void text_clear(text *t);
void text_free(text *t);

/* Pieces of one payload, or of one long line, become one report. */
typedef struct {
    simcom_report data;
    text data_bytes;
    text line;
    int has_data;
    int has_line;
} joiner;

/* Takes a report; adds each whole one to out, followed by a line end. */
void joiner_push(joiner *j, const simcom_report *report, text *out);
/* Gives what is still held. */
void joiner_finish(joiner *j, text *out);
void joiner_free(joiner *j);

#endif
