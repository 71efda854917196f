#include "indexer/html_look.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A longer word in a class is none of ours. */
#define WORD_MAX 24

/* So much of a style is read. */
#define STYLE_MAX 512

/* Words that, anywhere in a class or id, name furniture: `main-menu`, `leftMenu`. By their bytes. */
static const char *const furniture_words[] = {
    "ad",          "adsbygoogle", "ads",          "advert",   "advertisement", "addtoany",
    "banner",      "breadcrumb",  "breadcrumbs",  "comment",  "commentlist",   "comments",
    "cookie",      "cookies",     "copyright",    "disqus",   "footer",        "login",
    "masthead",    "menu",        "modal",        "mostread", "nav",           "navbar",
    "navigation",  "newsletter",  "outbrain",     "pager",    "pagination",    "popup",
    "recommended", "related",     "relatedposts", "respond",  "share",         "sharedaddy",
    "sharing",     "sidebar",     "social",       "submenu",  "subscribe",     "taboola",
    "ticker",      "toolbar",     "trending",
};

/*
 * Whole classes and ids that do where they are those of a part of a page; their words, and they themselves
 * on headings and links, may name an article's own parts.
 */
static const char *const furniture_names[] = {
    "header",    "site-header", "page-header", "main-header", "top-bar",         "topbar",
    "most-read", "widget",      "widget-area", "tags",        "post-tags",       "tags-links",
    "skip-link", "search",      "search-form", "searchform",  "post-navigation",
};

static const char *const furniture_roles[] = {
    "alertdialog", "banner",     "complementary", "contentinfo", "dialog",  "menu",
    "menubar",     "navigation", "search",        "tablist",     "toolbar", "tooltip",
};

/* Classes of text that is only for those who hear a page. */
static const char *const unseen_names[] = {"screen-reader-text", "sr-only", "visually-hidden"};

/* These classes carry names that editors gave. */
static const char *const given_names[] = {"category-", "tag-"};

#define IN(word, list) is_among(word, list, sizeof(list) / sizeof *(list))

static bool is_among(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word[0] == list[i][0] && strcmp(word, list[i]) == 0)
            return true;
    }
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_big(char c)
{
    return c >= 'A' && c <= 'Z';
}

static char small(char c)
{
    return (char)(is_big(c) ? c + ('a' - 'A') : c);
}

/* Does one of the words of NAME, parted by - and _ or by a big letter, name furniture? */
static bool has_furniture_word(const char *name, size_t len)
{
    char word[WORD_MAX + 1];
    size_t used = 0;
    for (size_t i = 0; i <= len; i++) {
        bool part = i == len || name[i] == '-' || name[i] == '_';
        bool hump = i > 0 && i < len && is_big(name[i]) && !is_big(name[i - 1]);
        if (part || hump) {
            word[used <= WORD_MAX ? used : 0] = '\0';
            if (IN(word, furniture_words))
                return true;
            used = 0;
        }
        if (part)
            continue;
        if (used < WORD_MAX)
            word[used] = small(name[i]);
        used++;
    }
    return false;
}

static unsigned look_at_name(const fh_html_element *element, const char *name, size_t len)
{
    char whole[WORD_MAX + 1] = "";
    for (size_t i = 0; i < len && len <= WORD_MAX; i++)
        whole[i] = name[i] == '_' ? '-' : small(name[i]);
    for (size_t i = 0; i < sizeof given_names / sizeof *given_names; i++) {
        if (strncmp(name, given_names[i], strlen(given_names[i])) == 0)
            return 0;
    }
    if (IN(whole, unseen_names))
        return FH_HTML_UNSEEN;
    bool part = (element->traits & FH_HTML_HOLDER) || element->tag == FH_TAG_LIST;
    bool furniture = (part && IN(whole, furniture_names)) || has_furniture_word(name, len);
    return furniture ? FH_HTML_FURNITURE : 0;
}

/* All names in VALUE, parted by spaces. */
static unsigned look_at_names(const fh_html_element *element, const char *value)
{
    unsigned traits = 0;
    while (*value) {
        size_t len = 0;
        while (is_space(*value))
            value++;
        while (value[len] && !is_space(value[len]))
            len++;
        if (len > 0)
            traits |= look_at_name(element, value, len);
        value += len;
    }
    return traits;
}

static bool has_name(const char *value, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = value; (at = strstr(at, name)); at += len) {
        bool begins = at == value || is_space(at[-1]);
        if (begins && (at[len] == '\0' || is_space(at[len])))
            return true;
    }
    return false;
}

static unsigned look_at_style(const char *value)
{
    char style[STYLE_MAX + 1];
    size_t len = 0;
    for (; *value && len < STYLE_MAX; value++) {
        if (!is_space(*value))
            style[len++] = small(*value);
    }
    style[len] = '\0';
    bool hidden = strstr(style, "display:none") || strstr(style, "visibility:hidden");
    return hidden ? FH_HTML_UNSEEN : 0;
}

static unsigned look_at_role(const char *value)
{
    if (strcmp(value, "main") == 0)
        return FH_HTML_MAIN;
    return IN(value, furniture_roles) ? FH_HTML_FURNITURE : 0;
}

static unsigned look_at_property(const char *value)
{
    if (has_name(value, "articleBody"))
        return FH_HTML_STORY;
    return has_name(value, "datePublished") ? FH_HTML_PUBLISHED : 0;
}

static unsigned look_at_class(const fh_html_element *element, const char *value)
{
    bool published = has_name(value, "published") || has_name(value, "entry-date");
    return look_at_names(element, value) | (published ? FH_HTML_PUBLISHED : 0);
}

static unsigned look_at_one(const fh_html_element *element, const char *name, const char *value)
{
    if (strcmp(name, "class") == 0)
        return look_at_class(element, value);
    if (strcmp(name, "id") == 0)
        return look_at_names(element, value);
    if (strcmp(name, "style") == 0)
        return look_at_style(value);
    if (strcmp(name, "role") == 0)
        return look_at_role(value);
    if (strcmp(name, "itemprop") == 0)
        return look_at_property(value);
    if (strcmp(name, "pubdate") == 0)
        return FH_HTML_PUBLISHED;
    if (strcmp(name, "hidden") == 0)
        return FH_HTML_UNSEEN;
    return strcmp(name, "aria-hidden") == 0 && strcmp(value, "true") == 0 ? FH_HTML_UNSEEN : 0;
}

/*
 * The article itself and its headline are never furniture, whatever their classes; and a page that was
 * saved while a dialogue covered it hides its main part from those who hear it, and from nobody else.
 */
static bool is_article(const fh_html_element *element, unsigned traits)
{
    return element->tag == FH_TAG_ARTICLE || element->tag == FH_TAG_MAIN ||
           element->tag == FH_TAG_H1 || (traits & (FH_HTML_MAIN | FH_HTML_STORY)) != 0;
}

unsigned fh_html_look(const fh_html_element *element, const char *const *attributes)
{
    unsigned traits = element->traits | (element->tag == FH_TAG_MAIN ? FH_HTML_MAIN : 0u);
    bool shown = element->tag == FH_TAG_ARTICLE || element->tag == FH_TAG_MAIN;
    for (size_t i = 0; attributes && attributes[i]; i += 2) {
        const char *value = attributes[i + 1] ? attributes[i + 1] : "";
        if (!shown || strcmp(attributes[i], "aria-hidden") != 0)
            traits |= look_at_one(element, attributes[i], value);
    }
    if (is_article(element, traits))
        traits &= ~(unsigned)FH_HTML_FURNITURE;
    return traits;
}
