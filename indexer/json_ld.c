#include "indexer/json_ld.h"

#include <string.h>

/* ---- Articles ---- */

static fh_str text_of(const json_t *value)
{
    if (!json_is_string(value))
        return (fh_str){"", 0};
    return (fh_str){json_string_value(value), json_string_length(value)};
}

static bool ends_in(fh_str text, fh_str end)
{
    return text.len >= end.len && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

/* NewsArticle, ReportageNewsArticle, BlogPosting, LiveBlogPosting, ...; in full or not. */
static bool is_article_type(const json_t *type)
{
    fh_str name = text_of(type);
    return ends_in(name, FH_STR("Article")) || ends_in(name, FH_STR("Posting"));
}

static bool is_article(const json_t *object)
{
    const json_t *type = json_object_get(object, "@type");
    size_t i;
    const json_t *one;
    json_array_foreach(type, i, one)
    {
        if (is_article_type(one))
            return true;
    }
    return is_article_type(type);
}

static void find_articles(fh_json_ld *ld, const json_t *value, int depth)
{
    size_t i;
    const json_t *item;
    if (depth > FH_JSON_LD_DEPTH_MAX)
        return;
    json_array_foreach(value, i, item)
    {
        find_articles(ld, item, depth + 1);
    }
    if (!json_is_object(value))
        return;
    if (is_article(value)) {
        if (ld->article_count < FH_JSON_LD_ARTICLES_MAX)
            ld->articles[ld->article_count++] = value;
        return;
    }
    find_articles(ld, json_object_get(value, "@graph"), depth + 1);
    find_articles(ld, json_object_get(value, "mainEntity"), depth + 1);
}

/* ---- Scripts ---- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Take one piece of what may stand before JSON off SCRIPT; false when there is none. */
static bool cut_opening(fh_str *script)
{
    static const char *const openings[] = {"<!--", "<![CDATA[", "//", "/*", "*/"};
    if (script->len > 0 && is_space(script->ptr[0])) {
        *script = (fh_str){script->ptr + 1, script->len - 1};
        return true;
    }
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        fh_str opening = fh_str_of(openings[i]);
        if (fh_str_starts(*script, opening)) {
            *script = (fh_str){script->ptr + opening.len, script->len - opening.len};
            return true;
        }
    }
    return false;
}

/* The same behind it. */
static bool cut_closing(fh_str *script)
{
    static const char *const closings[] = {"-->", "]]>", "//", "/*", "*/", ";"};
    if (script->len > 0 && is_space(script->ptr[script->len - 1])) {
        script->len--;
        return true;
    }
    for (size_t i = 0; i < sizeof closings / sizeof *closings; i++) {
        if (ends_in(*script, fh_str_of(closings[i]))) {
            script->len -= strlen(closings[i]);
            return true;
        }
    }
    return false;
}

/*
 * A copy of SCRIPT with spaces for what JSON has no use for: control characters, and a comma behind the
 * last element.
 */
static void copy_clean(fh_str script, fh_buffer *copy)
{
    bool text = false;
    size_t comma = SIZE_MAX; /* the one behind which nothing but space has been */
    fh_buffer_add_str(copy, script);
    for (size_t i = 0; i < copy->len; i++) {
        char *c = &copy->data[i];
        if ((unsigned char)*c < ' ')
            *c = ' ';
        if (*c == '\\' && text)
            i++;
        else if (*c == '"')
            text = !text;
        else if (!text && (*c == '}' || *c == ']') && comma != SIZE_MAX)
            copy->data[comma] = ' ';
        if (*c != ' ')
            comma = *c == ',' && !text ? i : SIZE_MAX;
    }
}

static fh_status parse(fh_str script, json_t **out, fh_error *err)
{
    json_error_t error;
    fh_buffer clean = {0};
    while (cut_opening(&script) || cut_closing(&script))
        ;
    copy_clean(script, &clean);
    *out = clean.failed ? NULL : json_loadb(fh_buffer_str(&clean).ptr, clean.len, 0, &error);
    bool memory =
        clean.failed || (!*out && json_error_code(&error) == json_error_out_of_memory);
    fh_buffer_free(&clean);
    if (memory)
        return fh_fail_memory(err);
    return *out ? FH_OK : fh_fail(err, FH_EFORMAT, "bad JSON at byte %d", error.position);
}

fh_status fh_json_ld_add(fh_json_ld *ld, fh_str script, fh_error *err)
{
    json_t *value;
    if (script.len > FH_JSON_LD_MAX - ld->bytes || ld->script_count == FH_JSON_LD_SCRIPTS_MAX)
        return fh_fail(err, FH_ELIMIT, "more than %u KiB", FH_JSON_LD_MAX >> 10);
    fh_status status = parse(script, &value, err);
    if (status)
        return status;
    ld->bytes += script.len;
    ld->scripts[ld->script_count++] = value;
    find_articles(ld, value, 0);
    return FH_OK;
}

void fh_json_ld_free(fh_json_ld *ld)
{
    for (size_t i = 0; i < ld->script_count; i++)
        json_decref(ld->scripts[i]);
}

/* ---- One article ---- */

/* The thing that is ID somewhere in VALUE. */
static const json_t *find_thing(const json_t *value, fh_str id, int depth)
{
    size_t i;
    const json_t *item, *found = NULL;
    if (depth > FH_JSON_LD_DEPTH_MAX)
        return NULL;
    json_array_foreach(value, i, item)
    {
        if ((found = find_thing(item, id, depth + 1)))
            return found;
    }
    if (fh_str_equal(text_of(json_object_get(value, "@id")), id) &&
        json_object_get(value, "name"))
        return value;
    return find_thing(json_object_get(value, "@graph"), id, depth + 1);
}

/* A name, of what may be a text, a thing, an array of them, or the id of a thing elsewhere. */
static fh_str name_of(const fh_json_ld *ld, const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    fh_str name = text_of(json_is_object(value) ? json_object_get(value, "name") : value);
    fh_str id = text_of(json_object_get(value, "@id"));
    for (size_t i = 0; i < ld->script_count && name.len == 0 && id.len > 0; i++)
        name = text_of(json_object_get(find_thing(ld->scripts[i], id, 0), "name"));
    return name;
}

static fh_str first_text(const json_t *value)
{
    return text_of(json_is_array(value) ? json_array_get(value, 0) : value);
}

static fh_str title_of(const json_t *article)
{
    fh_str headline = first_text(json_object_get(article, "headline"));
    return headline.len > 0 ? headline : text_of(json_object_get(article, "name"));
}

static fh_str url_of(const json_t *article)
{
    const json_t *page = json_object_get(article, "mainEntityOfPage");
    fh_str url = text_of(json_object_get(article, "url"));
    if (url.len == 0)
        url = text_of(json_is_object(page) ? json_object_get(page, "@id") : page);
    return url.len > 0 ? url : text_of(json_object_get(article, "@id"));
}

static const json_t *choose(const fh_json_ld *ld, fh_str url, fh_str title)
{
    bool alike = true;
    for (size_t i = 0; i < ld->article_count; i++) {
        fh_str own = url_of(ld->articles[i]), name = title_of(ld->articles[i]);
        if ((url.len > 0 && fh_str_equal(own, url)) ||
            (title.len > 0 && fh_str_equal(name, title)))
            return ld->articles[i];
        alike &= fh_str_equal(name, title_of(ld->articles[0]));
    }
    return alike && ld->article_count > 0 ? ld->articles[0] : NULL;
}

fh_json_ld_article fh_json_ld_choose(const fh_json_ld *ld, fh_str url, fh_str title)
{
    const json_t *article = choose(ld, url, title);
    return (fh_json_ld_article){
        .title = title_of(article),
        .body = first_text(json_object_get(article, "articleBody")),
        .url = url_of(article),
        .date = first_text(json_object_get(article, "datePublished")),
        .source = name_of(ld, json_object_get(article, "publisher")),
        .section = name_of(ld, json_object_get(article, "articleSection")),
        .keywords = json_object_get(article, "keywords"),
    };
}
