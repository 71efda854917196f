/*
 * The Arabic letters and marks that the code speaks of, by their usual Latin names.
 */
#ifndef FH_STEMMERS_LETTERS_H
#define FH_STEMMERS_LETTERS_H

/* U+0600 to U+06FF is the Arabic block: two bytes each in UTF-8, the first one 0xD8 to 0xDB. */
enum {
    FH_ARABIC_FIRST = 0x0600,
    FH_ARABIC_COUNT = 0x100,
    FH_WAW_HAMZA = 0x0624,
    FH_YEH_HAMZA = 0x0626,
    FH_ALEF = 0x0627,
    FH_KAF = 0x0643,
    FH_HEH = 0x0647,
    FH_WAW = 0x0648,
    FH_YEH = 0x064A,
    FH_HAMZA_ABOVE = 0x0654, /* the mark, written behind the letter that carries it */
    FH_ARABIC_COMMA = 0x060C,
    FH_ARABIC_DECIMAL = 0x066B,
    FH_ARABIC_THOUSANDS = 0x066C
};

/* The definite article. */
#define FH_ARTICLE "ال"

/* Is BYTE the first one of a character of the Arabic block? */
#define FH_ARABIC_LEAD(byte) (((unsigned char)(byte)&0xFCU) == 0xD8U)

/* The place in the Arabic block, 0 to 255, of the character with the bytes LEAD and TRAIL. */
#define FH_ARABIC_INDEX(lead, trail)                                                           \
    ((((unsigned char)(lead)&3U) << 6) | ((unsigned char)(trail)&0x3FU))

#endif
