#include "indexer/html_facts.h"

#include "indexer/html_lexer.h"
#include "indexer/html_text.h"

/* All names by which pages say something, for each field the most trusted first. */
static const struct {
    fh_html_field field;
    const char *name;
    bool many;
} names[] = {
    {FH_HTML_TITLE, "og:title", false},
    {FH_HTML_TITLE, "twitter:title", false},
    {FH_HTML_TITLE, "headline", false},
    {FH_HTML_TITLE, "dc.title", false},
    {FH_HTML_TITLE, "dcterms.title", false},
    {FH_HTML_TITLE, "title", false},
    {FH_HTML_URL, FH_HTML_CANONICAL, false},
    {FH_HTML_URL, "og:url", false},
    {FH_HTML_URL, "twitter:url", false},
    {FH_HTML_SAVED, FH_HTML_SAVED_FROM, false},
    {FH_HTML_DATE, "article:published_time", false},
    {FH_HTML_DATE, "og:article:published_time", false},
    {FH_HTML_DATE, "article:published", false},
    {FH_HTML_DATE, "article.published", false},
    {FH_HTML_DATE, "datepublished", false},
    {FH_HTML_DATE, "parsely-pub-date", false},
    {FH_HTML_DATE, "sailthru.date", false},
    {FH_HTML_DATE, "cxenseparse:recs:publishtime", false},
    {FH_HTML_DATE, "pubdate", false},
    {FH_HTML_DATE, "publishdate", false},
    {FH_HTML_DATE, "publish-date", false},
    {FH_HTML_DATE, "publish_date", false},
    {FH_HTML_DATE, "published_date", false},
    {FH_HTML_DATE, "publication_date", false},
    {FH_HTML_DATE, "citation_publication_date", false},
    {FH_HTML_DATE, "dc.date.issued", false},
    {FH_HTML_DATE, "dcterms.issued", false},
    {FH_HTML_DATE, "dc.date.created", false},
    {FH_HTML_DATE, "dcterms.created", false},
    {FH_HTML_DATE, "dc.date", false},
    {FH_HTML_DATE, "dcterms.date", false},
    {FH_HTML_DATE, "date", false},
    {FH_HTML_SOURCE, "og:site_name", false},
    {FH_HTML_SOURCE, "dc.publisher", false},
    {FH_HTML_SOURCE, "dcterms.publisher", false},
    {FH_HTML_SOURCE, "application-name", false},
    {FH_HTML_SECTION, "article:section", false},
    {FH_HTML_SECTION, "og:article:section", false},
    {FH_HTML_SECTION, "parsely-section", false},
    {FH_HTML_SECTION, "articlesection", false},
    {FH_HTML_SECTION, "section", false},
    {FH_HTML_KEYWORDS, "article:tag", true},
    {FH_HTML_KEYWORDS, "og:article:tag", true},
    {FH_HTML_KEYWORDS, "news_keywords", false},
    {FH_HTML_KEYWORDS, "keywords", false},
    {FH_HTML_KEYWORDS, "parsely-tags", false},
    {FH_HTML_KEYWORDS, "dc.subject", true},
    {FH_HTML_LEAD, "og:description", false},
    {FH_HTML_LEAD, "twitter:description", false},
    {FH_HTML_LEAD, "description", false},
    {FH_HTML_LEAD, "dc.description", false},
};

enum { NAMES = sizeof names / sizeof *names };

_Static_assert(NAMES <= FH_HTML_FACTS_MAX, "a value for each name");

void fh_html_facts_free(fh_html_facts *facts)
{
    for (size_t i = 0; i < NAMES; i++)
        fh_buffer_free(&facts->values[i]);
}

static void add_value(fh_buffer *kept, fh_str value, bool many)
{
    bool full = kept->len > 0 && (!many || kept->len + value.len > FH_HTML_FACT_MAX);
    if (full || fh_html_space(value) == value.len)
        return;
    if (kept->len > 0)
        fh_buffer_add_byte(kept, '\n');
    fh_html_tidy(value, kept);
}

void fh_html_facts_add(fh_html_facts *facts, fh_str name, fh_str value)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (fh_html_is(name, names[i].name)) {
            add_value(&facts->values[i], value, names[i].many);
            return;
        }
    }
}

bool fh_html_facts_next(const fh_html_facts *facts, fh_html_field field, size_t *at,
                        fh_str *value)
{
    for (; *at < NAMES; (*at)++) {
        if (names[*at].field != field || facts->values[*at].len == 0)
            continue;
        *value = fh_buffer_str(&facts->values[*at]);
        (*at)++;
        return true;
    }
    *value = (fh_str){"", 0};
    return false;
}

fh_str fh_html_facts_first(const fh_html_facts *facts, fh_html_field field)
{
    size_t at = 0;
    fh_str value;
    fh_html_facts_next(facts, field, &at, &value);
    return value;
}

bool fh_html_facts_failed(const fh_html_facts *facts)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (facts->values[i].failed)
            return true;
    }
    return false;
}
