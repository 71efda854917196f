#include "searcher/serve/clients.h"

#include <sys/socket.h>

#include "searcher/serve/limits.h"

/* How long each phase may take, in milliseconds; 0: as long as it does. */
static const int64_t limits[FH_PHASES] = {
    [FH_PHASE_RECEIVE] = FH_RECEIVE_MS,
    [FH_PHASE_SEND] = FH_SEND_MS,
    [FH_PHASE_STREAM] = FH_BATCH_SEND_MS,
};

static void link_last(fh_clients *all, fh_client *c)
{
    c->next = NULL;
    c->prev = all->phases[c->phase].last;
    if (c->prev)
        c->prev->next = c;
    else
        all->phases[c->phase].first = c;
    all->phases[c->phase].last = c;
}

static void unlink_client(fh_clients *all, fh_client *c)
{
    if (c->prev)
        c->prev->next = c->next;
    else
        all->phases[c->phase].first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    else
        all->phases[c->phase].last = c->prev;
}

static void evict(fh_clients *all, fh_client *c)
{
    c->closing = true;
    all->evicted++;
    shutdown(c->socket, SHUT_RDWR);
}

/* Those in front may be closing already. */
static fh_client *find_open(fh_client *c)
{
    while (c && c->closing)
        c = c->next;
    return c;
}

/* Who has kept us waiting longest goes: who sends nothing first, then who takes nothing. */
static void make_room(fh_clients *all)
{
    for (int phase = FH_PHASE_RECEIVE; phase < FH_PHASE_WORK; phase++) {
        fh_client *oldest = find_open(all->phases[phase].first);
        if (oldest) {
            evict(all, oldest);
            return;
        }
    }
}

void fh_clients_add(fh_clients *all, fh_client *c, int64_t now)
{
    if (all->count >= FH_CLIENTS_MAX)
        make_room(all);
    c->phase = FH_PHASE_RECEIVE;
    c->since = now;
    link_last(all, c);
    all->count++;
}

void fh_clients_move(fh_clients *all, fh_client *c, fh_phase phase, int64_t now)
{
    unlink_client(all, c);
    c->phase = phase;
    c->since = now;
    link_last(all, c);
}

void fh_clients_remove(fh_clients *all, fh_client *c)
{
    unlink_client(all, c);
    all->count--;
}

void fh_clients_reap(fh_clients *all, int64_t now)
{
    for (int phase = 0; phase < FH_PHASES; phase++) {
        fh_client *c = limits[phase] > 0 ? find_open(all->phases[phase].first) : NULL;
        for (; c && c->since + limits[phase] <= now; c = find_open(c))
            evict(all, c);
    }
}
