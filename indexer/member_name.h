/*
 * Names of members: foreign bytes that go into ids and messages, and never become paths.
 */
#ifndef FH_INDEXER_MEMBER_NAME_H
#define FH_INDEXER_MEMBER_NAME_H

#include "base/buffer.h"

/* The longest name that is kept, in bytes; a longer one is cut, with a checksum of it all behind. */
#define FH_MEMBER_NAME_MAX 1024u

/*
 * Append NAME to OUT so that it is harmless: valid UTF-8 without control characters, and no way out of
 * the archive. What could be one, a slash at the beginning and the dots of `..`, and bytes that are no
 * text, stand as %2F, %2E%2E and the like. A leading `./` is left out.
 * Returns whether the name would have led out.
 */
bool fh_member_name(fh_str name, fh_buffer *out);

/* Does a part of NAME, between slashes, begin with a dot, as hidden files do? */
bool fh_member_hidden(fh_str name);

#endif
