/*
 * What agents can have done: tools of the Model Context Protocol. It knows the index and no protocol.
 */
#ifndef FH_SEARCHER_SERVE_TOOLS_H
#define FH_SEARCHER_SERVE_TOOLS_H

#include "base/json.h"

typedef struct fh_tools fh_tools;

/* PATH is the index. */
fh_status fh_tools_open(const char *path, fh_tools **out, fh_error *err);

/* What tools there are, as `tools/list` says it: an array for json_decref(), NULL for want of memory. */
json_t *fh_tools_list(void);

/*
 * Do what NAME does with ARGUMENTS, an object or NULL. What is published meanwhile is picked up first.
 * out: *RESULT, as `tools/call` says it, for json_decref(); a call that fails has a result that says why.
 * NULL for want of memory. Returns false when there is no such tool.
 */
bool fh_tools_call(fh_tools *tools, fh_str name, const json_t *arguments, json_t **result);

/* NULL is allowed. */
void fh_tools_close(fh_tools *tools);

#endif
