/*
 * Decimal digits in the scripts that Arabic text uses: 0-9, Arabic-Indic ٠-٩ and Persian ۰-۹.
 */
#ifndef FH_BASE_DIGITS_H
#define FH_BASE_DIGITS_H

#include <stdint.h>

#define FH_ARABIC_ZERO  0x0660
#define FH_PERSIAN_ZERO 0x06F0

/* The value of the digit CODE, 0 to 9; -1 for any other character. */
static inline int fh_digit_value(uint32_t code)
{
    uint32_t zero = code >= FH_PERSIAN_ZERO  ? FH_PERSIAN_ZERO
                    : code >= FH_ARABIC_ZERO ? FH_ARABIC_ZERO
                                             : '0';
    return code >= zero && code <= zero + 9 ? (int)(code - zero) : -1;
}

#endif
