#include <xapian.h>

#include <algorithm>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "engines/xapian/xapian_shim.h"

using std::string;

struct fhx_store {
    Xapian::WritableDatabase db;
    bool transaction;
};

struct fhx_base {
    Xapian::Database db;
};

namespace
{

string text_of(fh_str s)
{
    return s.len > 0 ? string(s.ptr, s.len) : string();
}

fh_status fail(fh_error *err, fh_status status, const Xapian::Error &e) noexcept
{
    const char *why = e.get_error_string();
    return fh_fail(err, status, "Xapian: %s: %.300s%s%s", e.get_type(), e.get_msg().c_str(),
                   why ? ": " : "", why ? why : "");
}

/* Call it inside a handler: what was caught, as a status and a message that is copied. */
fh_status caught(fh_error *err) noexcept
{
    try {
        throw;
    } catch (const Xapian::DatabaseLockError &e) {
        return fail(err, FH_ELOCKED, e);
    } catch (const Xapian::DatabaseModifiedError &e) {
        return fail(err, FH_ECHANGED, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return fail(err, FH_ECORRUPT, e);
    } catch (const Xapian::DatabaseVersionError &e) {
        return fail(err, FH_EUNSUPPORTED, e);
    } catch (const Xapian::DatabaseError &e) {
        return fail(err, FH_EIO, e);
    } catch (const Xapian::NetworkError &e) {
        return fail(err, FH_EIO, e);
    } catch (const Xapian::DocNotFoundError &e) {
        return fail(err, FH_ENOTFOUND, e);
    } catch (const Xapian::Error &e) {
        return fail(err, FH_EENGINE, e);
    } catch (const std::bad_alloc &) {
        return fh_fail_memory(err);
    } catch (const std::exception &e) {
        return fh_fail(err, FH_EENGINE, "Xapian: %.300s", e.what());
    } catch (...) {
        return fh_fail(err, FH_EENGINE, "Xapian failed in a way it does not explain");
    }
}

fh_status show(const Xapian::Document &document, Xapian::docid number, double score,
               fhx_want want, fhx_visit visit, void *context, fh_error *err)
{
    string value = document.get_value(want.slot);
    string data;
    if (want.data || value.empty())
        data = document.get_data();
    fhx_shown shown = {number, score, {value.data(), value.size()}, {data.data(), data.size()}};
    return visit(context, &shown, err);
}

Xapian::Document make_document(const fhx_document &d)
{
    Xapian::Document document;
    string term;
    document.set_data(text_of(d.data));
    for (size_t i = 0; i < d.value_count; i++)
        document.add_value(d.values[i].slot, text_of(d.values[i].bytes));
    for (size_t i = 0; i < d.posting_count; i++) {
        const fhx_posting &p = d.postings[i];
        term.assign(p.term.ptr, p.term.len);
        if (p.position)
            document.add_posting(term, p.position, p.weight);
        else
            document.add_term(term, p.weight);
    }
    return document;
}

} // namespace

/* ---- Writing ---- */

fh_status fhx_store_open(const char *path, fhx_mode mode, fhx_store **out,
                         fh_error *err) noexcept
try {
    /* Not DB_DANGEROUS: it changes blocks in place, and in a compacted table, or one that was
     * committed before, that breaks entries which span blocks (seen with Xapian 1.4.22). */
    bool durable = mode == FHX_DURABLE;
    int flags = durable ? Xapian::DB_OPEN : Xapian::DB_CREATE_OR_OPEN | Xapian::DB_NO_SYNC;
    *out = nullptr;
    std::unique_ptr<fhx_store> store(new fhx_store{
        Xapian::WritableDatabase(path, flags | Xapian::DB_BACKEND_GLASS), durable});
    if (durable)
        store->db.begin_transaction(true);
    *out = store.release();
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_store_put(fhx_store *s, uint32_t number, const fhx_document *document,
                        fh_error *err) noexcept
try {
    s->db.replace_document(number, make_document(*document));
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_store_put_packed(fhx_store *s, uint32_t number, fh_str packed,
                               fh_error *err) noexcept
try {
    s->db.replace_document(number, Xapian::Document::unserialise(text_of(packed)));
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_store_delete(fhx_store *s, fh_str term, uint32_t before, fhx_want want,
                           fhx_visit visit, void *context, fh_error *err) noexcept
try {
    std::vector<Xapian::docid> doomed;
    string name = text_of(term);
    for (auto i = s->db.postlist_begin(name); i != s->db.postlist_end(name) && *i < before; ++i)
        doomed.push_back(*i);
    for (Xapian::docid number : doomed) {
        fh_status status =
            show(s->db.get_document(number), number, 0, want, visit, context, err);
        if (status)
            return status;
        s->db.delete_document(number);
    }
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_store_set_note(fhx_store *s, const char *key, fh_str text, fh_error *err) noexcept
try {
    s->db.set_metadata(key, text_of(text));
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_store_commit(fhx_store *s, fh_error *err) noexcept
try {
    if (s->transaction) {
        s->transaction = false;
        s->db.commit_transaction();
    } else {
        s->db.commit();
    }
    return FH_OK;
} catch (...) {
    return caught(err);
}

void fhx_store_close(fhx_store *s) noexcept
{
    if (!s)
        return;
    /*
     * Closing a database commits what is pending, unless a transaction is cancelled first;
     * either may fail on a disk that has failed before, and then there is nothing left to do
     * about it.
     */
    try {
        if (s->transaction)
            s->db.cancel_transaction();
    } catch (...) {
    }
    try {
        s->db.close();
    } catch (...) {
    }
    delete s;
}

fh_status fhx_pack(const fhx_document *document, fh_buffer *out, fh_error *err) noexcept
try {
    string packed = make_document(*document).serialise();
    fh_buffer_add(out, packed.data(), packed.size());
    return out->failed ? fh_fail_memory(err) : FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_merge(const char *const *paths, size_t count, const char *out,
                    fh_error *err) noexcept
try {
    Xapian::Database sources;
    for (size_t i = 0; i < count; i++)
        sources.add_database(Xapian::Database(paths[i]));
    sources.compact(out, Xapian::DBCOMPACT_NO_RENUMBER | Xapian::Compactor::FULL);
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_check(const char *path, fh_buffer *report, size_t *faults, fh_error *err) noexcept
try {
    std::ostringstream text;
    *faults = Xapian::Database::check(path, 0, &text);
    string words = text.str();
    fh_buffer_add(report, words.data(), words.size());
    return FH_OK;
} catch (...) {
    return caught(err);
}

/* ---- Reading ---- */

fh_status fhx_base_open(const char *path, fhx_base **out, fh_error *err) noexcept
try {
    *out = nullptr;
    *out = new fhx_base{Xapian::Database(path, Xapian::DB_BACKEND_GLASS)};
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_reopen(fhx_base *b, bool *changed, fh_error *err) noexcept
try {
    *changed = b->db.reopen();
    return FH_OK;
} catch (...) {
    return caught(err);
}

void fhx_base_close(fhx_base *b) noexcept
{
    delete b;
}

fh_status fhx_base_note(fhx_base *b, const char *key, fh_buffer *text, fh_error *err) noexcept
try {
    string value = b->db.get_metadata(key);
    fh_buffer_add(text, value.data(), value.size());
    return text->failed ? fh_fail_memory(err) : FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_count(fhx_base *b, uint32_t *count, uint32_t *last, fh_error *err) noexcept
try {
    *count = b->db.get_doccount();
    *last = b->db.get_lastdocid();
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_documents(fhx_base *b, fh_str term, fhx_want want, fhx_visit visit,
                             void *context, fh_error *err) noexcept
try {
    string name = text_of(term);
    for (auto i = b->db.postlist_begin(name); i != b->db.postlist_end(name); ++i) {
        fh_status status = show(b->db.get_document(*i), *i, 0, want, visit, context, err);
        if (status)
            return status;
    }
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_newest(fhx_base *b, fh_str term, uint32_t *number, fh_error *err) noexcept
try {
    string name = text_of(term);
    *number = 0;
    for (auto i = b->db.postlist_begin(name); i != b->db.postlist_end(name); ++i)
        *number = *i;
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_behind(fhx_base *b, uint32_t after, uint32_t *number, fh_error *err) noexcept
try {
    *number = 0;
    if (after >= b->db.get_lastdocid())
        return FH_OK;
    auto i = b->db.postlist_begin(string());
    i.skip_to(after + 1);
    if (i != b->db.postlist_end(string()))
        *number = *i;
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_show(fhx_base *b, uint32_t number, fhx_want want, fhx_visit visit,
                        void *context, fh_error *err) noexcept
try {
    return show(b->db.get_document(number), number, 0, want, visit, context, err);
} catch (...) {
    return caught(err);
}

fh_status fhx_base_terms(fhx_base *b, fh_str prefix, fhx_visit_term visit, void *context,
                         fh_error *err) noexcept
try {
    string begin = text_of(prefix);
    for (auto i = b->db.allterms_begin(begin); i != b->db.allterms_end(begin); ++i) {
        string term = *i;
        if (!visit(context, {term.data(), term.size()}, i.get_termfreq()))
            break;
    }
    return FH_OK;
} catch (...) {
    return caught(err);
}

fh_status fhx_base_frequency(fhx_base *b, fh_str term, uint32_t *documents,
                             fh_error *err) noexcept
try {
    *documents = 0;
    *documents = b->db.get_termfreq(text_of(term));
    return FH_OK;
} catch (...) {
    return caught(err);
}

/* ---- Searching ---- */

namespace
{

/*
 * Exactly the documents with given numbers, for phrases with gaps: Xapian's OP_PHRASE takes a
 * window, not distances. Such a query cannot go to a remote database.
 */
class number_source : public Xapian::PostingSource
{
    std::vector<Xapian::docid> numbers;
    size_t at = 0;
    bool begun = false;

  public:
    explicit number_source(std::vector<Xapian::docid> n) : numbers(std::move(n)) {}
    Xapian::PostingSource *clone() const override
    {
        return new number_source(numbers);
    }
    void init(const Xapian::Database &) override
    {
        at = 0;
        begun = false;
        set_maxweight(0);
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return Xapian::doccount(numbers.size());
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return Xapian::doccount(numbers.size());
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return Xapian::doccount(numbers.size());
    }
    void next(double) override
    {
        at += begun;
        begun = true;
    }
    void skip_to(Xapian::docid number, double) override
    {
        begun = true;
        at = size_t(std::lower_bound(numbers.begin() + long(at), numbers.end(), number) -
                    numbers.begin());
    }
    bool at_end() const override
    {
        return begun && at == numbers.size();
    }
    Xapian::docid get_docid() const override
    {
        return numbers[at];
    }
};

/* Do the positions of the terms in document NUMBER stand at the distances asked, anywhere? */
bool stands_in(const Xapian::Database &db, Xapian::docid number,
               const std::vector<string> &terms, const uint32_t *offsets)
{
    std::vector<Xapian::termpos> starts;
    for (size_t i = 0; i < terms.size() && (i == 0 || !starts.empty()); i++) {
        std::vector<Xapian::termpos> here, both;
        for (auto p = db.positionlist_begin(number, terms[i]);
             p != db.positionlist_end(number, terms[i]); ++p)
            if (*p >= offsets[i])
                here.push_back(*p - offsets[i]);
        if (i == 0)
            both.swap(here);
        else
            std::set_intersection(starts.begin(), starts.end(), here.begin(), here.end(),
                                  std::back_inserter(both));
        starts.swap(both);
    }
    return !starts.empty();
}

/* The numbers of all documents in which TERMS stand at OFFSETS. */
std::vector<Xapian::docid> find_phrase(const Xapian::Database &db,
                                       const std::vector<string> &terms,
                                       const uint32_t *offsets)
{
    std::vector<Xapian::docid> found;
    std::vector<Xapian::PostingIterator> lists;
    for (const string &term : terms)
        lists.push_back(db.postlist_begin(term));
    Xapian::docid number = 1;
    for (;;) {
        bool same = true;
        for (auto &list : lists) {
            if (list == Xapian::PostingIterator())
                return found;
            list.skip_to(number);
            if (list == Xapian::PostingIterator())
                return found;
            same = same && *list == number;
            number = *list;
        }
        if (!same)
            continue;
        if (stands_in(db, number, terms, offsets))
            found.push_back(number);
        number++;
    }
}

Xapian::Query make_phrase(const Xapian::Database &db, const fhx_node &node,
                          const Xapian::Query *kids)
{
    bool contiguous = true;
    for (size_t i = 1; i < node.count; i++)
        contiguous = contiguous && node.offsets[i] == node.offsets[i - 1] + 1;
    if (contiguous)
        return Xapian::Query(Xapian::Query::OP_PHRASE, kids, kids + node.count,
                             Xapian::termcount(node.count));
    std::vector<string> terms;
    for (size_t i = 0; i < node.count; i++)
        terms.push_back(*kids[i].get_terms_begin());
    auto *source = new number_source(find_phrase(db, terms, node.offsets));
    return Xapian::Query(Xapian::Query::OP_FILTER,
                         Xapian::Query(Xapian::Query::OP_AND, kids, kids + node.count),
                         Xapian::Query(source->release()));
}

bool any_empty(const Xapian::Query *kids, size_t count)
{
    return std::any_of(kids, kids + count, [](const Xapian::Query &q) { return q.empty(); });
}

Xapian::Query make_node(const Xapian::Database &db, const fhx_node &node,
                        const Xapian::Query *kids)
{
    using Q = Xapian::Query;
    switch (node.op) {
    case FHX_NOTHING:
        return Q();
    case FHX_ALL:
        return Q(string());
    case FHX_TERM:
        return Q(text_of(node.text));
    case FHX_RANGE:
        return Q(Q::OP_VALUE_RANGE, node.slot, text_of(node.text), text_of(node.text_end));
    case FHX_OR:
        return Q(Q::OP_OR, kids, kids + node.count);
    case FHX_AND:
        return Q(Q::OP_AND, kids, kids + node.count);
    case FHX_NOT:
        return Q(Q::OP_AND_NOT, kids[0], kids[1]);
    case FHX_MAYBE:
        return Q(Q::OP_AND_MAYBE, kids[0], kids[1]);
    case FHX_FILTER:
        return Q(Q::OP_FILTER, kids[0], kids[1]);
    case FHX_SYNONYM:
        return Q(Q::OP_SYNONYM, kids, kids + node.count);
    case FHX_PHRASE:
        return any_empty(kids, node.count) ? Q() : make_phrase(db, node, kids);
    case FHX_NEAR:
        return any_empty(kids, node.count)
                   ? Q()
                   : Q(Q::OP_NEAR, kids, kids + node.count, node.window);
    }
    return Q();
}

/*
 * Nodes in postfix order need no recursion: a stack of queries, and each node takes its kids
 * off it.
 */
Xapian::Query make_query(const Xapian::Database &db, const fhx_node *nodes, size_t count)
{
    std::vector<Xapian::Query> stack;
    for (size_t i = 0; i < count; i++) {
        const fhx_node &node = nodes[i];
        const Xapian::Query *kids = stack.data() + (stack.size() - node.count);
        Xapian::Query query = make_node(db, node, kids);
        if (node.weight != 1)
            query = Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, query, node.weight);
        stack.resize(stack.size() - node.count);
        stack.push_back(query);
    }
    return stack.back();
}

/* How to rank and to order; ties are broken by ascending numbers, which is Xapian's default. */
void set_order(Xapian::Enquire &enquire, const fhx_search &s)
{
    if (s.sort == FHX_BY_SCORE) {
        enquire.set_weighting_scheme(Xapian::BM25Weight(s.k1, 0, 1, s.b, 0));
        return;
    }
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_sort_by_value(s.slot, s.sort == FHX_BY_VALUE_DOWN);
}

} // namespace

fh_status fhx_base_search(fhx_base *b, const fhx_search *search, fhx_visit visit, void *context,
                          uint32_t *low, uint32_t *high, fh_error *err) noexcept
try {
    *low = *high = 0;
    Xapian::Enquire enquire(b->db);
    set_order(enquire, *search);
    Xapian::Query query = make_query(b->db, search->nodes, search->node_count);
    enquire.set_query(query);
    Xapian::MSet found = enquire.get_mset(search->first, search->count);
    for (auto i = found.begin(); i != found.end(); ++i) {
        fh_status status =
            show(i.get_document(), *i, i.get_weight(), search->want, visit, context, err);
        if (status)
            return status;
    }
    *low = found.get_matches_lower_bound();
    *high = found.get_matches_upper_bound();
    if (*low == *high || *low >= search->count_to)
        return FH_OK;
    /*
     * Ranking stops looking at what cannot reach the page; counting alone is cheaper than
     * ranking all.
     */
    enquire.set_query(Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, query, 0));
    found = enquire.get_mset(0, 0, search->count_to);
    *low = std::max(*low, found.get_matches_lower_bound());
    *high = std::min(*high, found.get_matches_upper_bound());
    return FH_OK;
} catch (...) {
    return caught(err);
}

size_t fhx_sortable(double number, char out[FHX_SORTABLE_MAX]) noexcept
{
    /* Nine bytes fit into a string without asking for memory. */
    string bytes = Xapian::sortable_serialise(number);
    return bytes.copy(out, FHX_SORTABLE_MAX);
}
