/* counter: how many instructions a program ran between its marks, from what qemu writes with QEMU_LOG=in_asm,exec,nochain,strace.
 *
 * in_asm lists the instructions of each block when it is translated, exec names each block that is run, strace shows
 * the marks: access("/MARK/NAME"). A line for each span between two marks: its name, a tab, the instructions. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS (1u << 21)

typedef struct {
    uint64_t place;
    uint32_t instructions;
} block;

static block *table;

static block *of(uint64_t place) {
    uint32_t slot = (uint32_t)((place >> 2) * 2654435761u) & (SLOTS - 1);
    while (table[slot].place && table[slot].place != place) slot = (slot + 1) & (SLOTS - 1);
    table[slot].place = place;
    return &table[slot];
}

int main(void) {
    char *line = NULL, name[256] = "start";
    size_t room = 0;
    uint64_t instructions = 0;
    block *listed = NULL;
    int listing = 0;
    if (!(table = calloc(SLOTS, sizeof *table))) return 1;
    while (getline(&line, &room, stdin) > 0) {
        char *at;
        if (!strncmp(line, "Trace ", 6)) { /* Trace CPU: HOST [FLAGS/PLACE/...] */
            if ((at = strchr(line, '[')) && (at = strchr(at, '/'))) instructions += of(strtoull(at + 1, NULL, 16))->instructions;
            listing = 0;
        } else if (!strncmp(line, "IN:", 3)) {
            listing = 1;
            listed = NULL;
        } else if (listing && !strncmp(line, "0x", 2)) { /* 0xPLACE:  WORD  name operands */
            if (!listed) {
                listed = of(strtoull(line, NULL, 16));
                listed->instructions = 0;
            }
            listed->instructions++;
        } else if ((at = strstr(line, "\"/MARK/"))) {
            at += 7;
            printf("%s\t%llu\n", name, (unsigned long long)instructions);
            fflush(stdout);
            snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "\""), at);
            instructions = 0;
            listing = 0;
        }
    }
    printf("%s\t%llu\n", name, (unsigned long long)instructions);
    return 0;
}
