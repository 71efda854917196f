#include "searcher/serve/service.h"

#include <stdlib.h>
#include <string.h>

#include "searcher/serve/limits.h"
#include "searcher/serve/negotiate.h"
#include "searcher/serve/routes.h"

/* Memory that stays with a worker from one answer to the next; what is larger is given back. */
#define KEPT_BYTES (1024 * 1024)

struct fh_service {
    char *path;
    fh_searcher *searcher; /* NULL until it could be opened */
    fh_gzip *gzip;
    fh_arena arena;
    fh_buffer body;
    fh_buffer packed;
    char tag[FH_TAG_MAX];
};

fh_status fh_service_open(const char *path, fh_service **out, fh_error *err)
{
    *out = NULL;
    fh_service *s = calloc(1, sizeof *s);
    if (!s)
        return fh_fail_memory(err);
    s->path = strdup(path);
    fh_status status = s->path ? fh_gzip_open(&s->gzip, err) : fh_fail_memory(err);
    if (status) {
        fh_service_close(s);
        return status;
    }
    *out = s;
    return FH_OK;
}

void fh_service_close(fh_service *s)
{
    if (!s)
        return;
    fh_searcher_close(s->searcher);
    fh_gzip_close(s->gzip);
    fh_arena_free(&s->arena);
    fh_buffer_free(&s->body);
    fh_buffer_free(&s->packed);
    free(s->path);
    free(s);
}

/* Forget the answer before. */
static void clear(fh_service *s)
{
    fh_arena_clear(&s->arena);
    if (s->body.capacity > KEPT_BYTES)
        fh_buffer_free(&s->body);
    if (s->packed.capacity > KEPT_BYTES)
        fh_buffer_free(&s->packed);
    fh_buffer_clear(&s->body);
    fh_buffer_clear(&s->packed);
}

/*
 * Did something fail that is no matter of who asked? They are not told of files; and the index is opened
 * anew for the next question, as what failed may have been mended.
 */
static bool is_broken(fh_problem problem)
{
    return problem == FH_PROBLEM_FAILED || problem == FH_PROBLEM_NOT_READY;
}

static void tell_problem(fh_service *s, fh_problem problem, const fh_error *err,
                         fh_answer *answer)
{
    bool inside = is_broken(problem);
    fh_str message = fh_str_of(err->message);
    fh_buffer_clear(&s->body);
    fh_problem_write(problem, inside ? (fh_str){"", 0} : message, &s->body);
    *answer =
        (fh_answer){.status = fh_problem_status(problem),
                    .problem = (uint32_t)problem,
                    .generation = answer->generation,
                    .kind = FH_STR(FH_PROBLEM_KIND),
                    .error = inside ? fh_arena_copy(&s->arena, message) : (fh_str){"", 0}};
}

/* ---- Tags ---- */

/* The tag of an answer depends on the request, the index, and on the program that makes it. */
static fh_str make_tag(fh_service *s, const fh_route *route, const fh_ask *ask,
                       uint64_t generation)
{
    const fh_str parts[] = {FH_STR(FH_VERSION), fh_str_of(route->name), ask->argument,
                            ask->parameters, ask->base};
    return fh_tag_make(generation, parts, sizeof parts / sizeof *parts, s->tag);
}

/* Has the client the answer that it would get? */
static bool is_known(fh_service *s, const fh_route *route, const fh_ask *ask, fh_answer *answer)
{
    if (!route->tagged || ask->known.len == 0)
        return false;
    if (route->indexed && fh_searcher_refresh(s->searcher, &answer->generation, NULL))
        return false;
    answer->tag = make_tag(s, route, ask, answer->generation);
    return answer->tag.len > 0 && fh_tag_known(ask->known, answer->tag);
}

/* ---- Answers ---- */

static fh_problem open_searcher(fh_service *s, fh_error *err)
{
    if (s->searcher)
        return FH_PROBLEM_NONE;
    fh_status status = fh_searcher_open(s->path, &s->searcher, err);
    return status ? FH_PROBLEM_NOT_READY : FH_PROBLEM_NONE;
}

/* Compress the body where it is wanted and worth it. */
static void pack(fh_service *s, const fh_ask *ask, fh_answer *answer)
{
    answer->body = fh_buffer_str(&s->body);
    if (!ask->gzip || s->body.len < FH_GZIP_MIN)
        return;
    answer->gzip = fh_gzip_write(s->gzip, answer->body, &s->packed);
    if (answer->gzip)
        answer->body = fh_buffer_str(&s->packed);
}

static fh_problem make_answer(fh_service *s, const fh_route *route, const fh_ask *ask,
                              fh_answer *answer, fh_error *err)
{
    fh_reply reply = {.ask = ask, .arena = &s->arena, .answer = answer, .body = &s->body};
    fh_problem problem = route->indexed ? open_searcher(s, err) : FH_PROBLEM_NONE;
    if (problem)
        return problem;
    if (is_known(s, route, ask, answer)) {
        answer->status = 304;
        return FH_PROBLEM_NONE;
    }
    reply.searcher = s->searcher;
    *answer = (fh_answer){.status = 200, .kind = fh_str_of(route->kind)};
    problem = route->handler(&reply, err);
    if (!problem && (s->body.failed || s->body.len > FH_ANSWER_MAX)) {
        fh_fail(err, FH_ELIMIT, "the answer is larger than %u MiB", FH_ANSWER_MAX >> 20);
        problem = FH_PROBLEM_FAILED;
    }
    if (!problem && route->tagged)
        answer->tag = make_tag(s, route, ask, answer->generation);
    return problem;
}

void fh_service_answer(fh_service *s, const fh_ask *ask, fh_answer *answer)
{
    size_t count;
    fh_error err = {0};
    const fh_route *routes = fh_routes(&count);
    *answer = (fh_answer){0};
    clear(s);
    fh_problem problem = FH_PROBLEM_NO_PATH;
    if (ask->route < count && routes[ask->route].handler)
        problem = make_answer(s, &routes[ask->route], ask, answer, &err);
    if (problem)
        tell_problem(s, problem, &err, answer);
    if (is_broken(problem)) {
        fh_searcher_close(s->searcher);
        s->searcher = NULL;
    }
    pack(s, ask, answer);
}
