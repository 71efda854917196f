/*
 * The numbers of the layout that lists.h draws, for those who read and write it.
 */
#ifndef FH_ENGINES_NATIVE_LISTS_BYTES_H
#define FH_ENGINES_NATIVE_LISTS_BYTES_H

/* A mark of a title: a place, and whether a varint follows. */
#define MARK_PLACE 0x7Fu
#define MARK_MORE  0x80u

/* Bits of the width before positions, and before the counts of a rest. */
#define WIDTH_BITS 5

/* So many positions are varints, more of them a row of bits. */
#define VARINTS_MAX 3

#endif
