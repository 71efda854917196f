/*
 * The Model Context Protocol, as servers on standard input and output speak it: a JSON-RPC message a line.
 *
 *   open take* close
 */
#ifndef FH_SEARCHER_SERVE_MCP_H
#define FH_SEARCHER_SERVE_MCP_H

#include "base/buffer.h"
#include "base/status.h"

typedef struct fh_mcp fh_mcp;

/* PATH is the index. */
fh_status fh_mcp_open(const char *path, fh_mcp **out, fh_error *err);

/* Take one LINE and append the line that answers it, if one does. */
void fh_mcp_take(fh_mcp *mcp, fh_str line, fh_buffer *out);

/* The same for a line that is longer than FH_MCP_LINE_MAX and was not kept. */
void fh_mcp_take_long(fh_mcp *mcp, fh_buffer *out);

/* NULL is allowed. */
void fh_mcp_close(fh_mcp *mcp);

/*
 * Answer every line of the descriptor IN into OUT, about the index at PATH, until IN ends.
 * Fails with FH_EIO.
 */
fh_status fh_mcp_run(int in, int out, const char *path, fh_error *err);

#endif
