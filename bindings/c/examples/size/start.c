/* The least start of a program that is only measured. */
extern int main(void);
void start(void);

__attribute__((section(".start"), used)) void start(void) {
    (void)main();
    for (;;) {
    }
}
