/*
 * By which names the service may be called where it demands no keys.
 *
 * A browser takes a page of another site for that site's own, and lets it read what it gets, when the name
 * of that site is made to mean 127.0.0.1 for a while (DNS rebinding). What the page cannot do is to call us
 * by a name that is ours: it says its own in Host.
 */
#ifndef FH_SEARCHER_SERVE_HOSTS_H
#define FH_SEARCHER_SERVE_HOSTS_H

#include "base/buffer.h"

/*
 * Is HOST, as the header of a request has it, a name of this machine alone (localhost and all below it,
 * 127.0.0.0/8, ::1), or one of NAMES, parted by commas, or that of the URL BASE? Ports do not matter, nor
 * do capitals; no host at all is said by no browser, and is taken.
 */
bool fh_host_is_ours(fh_str host, fh_str names, fh_str base);

#endif
