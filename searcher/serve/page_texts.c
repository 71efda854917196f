#include "searcher/serve/page_texts.h"

#include "searcher/serve/parameters.h"

static const fh_page_texts table[] = {
    [FH_PAGE_ARABIC] = {.lang = "ar",
                        .dir = "rtl",
                        .name = "فهرس",
                        .query = "كلمات البحث",
                        .search = "ابحث",
                        .options = "خيارات البحث",
                        .sort = "الترتيب",
                        .best = "الأقرب إلى البحث",
                        .newest = "الأحدث أولا",
                        .oldest = "الأقدم أولا",
                        .from = "من تاريخ",
                        .to = "إلى تاريخ",
                        .date_hint = "مثل 2026 أو 2026-02 أو 2026-02-09",
                        .total = "عدد النتائج",
                        .more = "أو أكثر",
                        .dates = "التواريخ",
                        .sources = "المصادر",
                        .every_date = "كل التواريخ",
                        .every_source = "كل المصادر",
                        .pages = "صفحات النتائج",
                        .earlier = "السابقة",
                        .later = "التالية",
                        .nothing = "لا نتائج لهذا البحث.",
                        .advice = "جرب كلمات أخرى بالمعنى نفسه، أو خيارات أقل.",
                        .welcome = "عدد المقالات في هذا الفهرس",
                        .syntax = "يجد البحث المقالات التي فيها أي من الكلمات بأي من صيغها. "
                                  "\"عبارة\" كما هي، +كلمة لا بد منها، -كلمة مستبعدة.",
                        .wrong = "لم يفهم هذا الطلب.",
                        .other_language = "English",
                        .other_digits = "أرقام",
                        .suggestions = "اقتراحات",
                        .skip = "إلى النتائج"},
    [FH_PAGE_ENGLISH] = {.lang = "en",
                         .dir = "ltr",
                         .name = "fihris",
                         .query = "Words to search for",
                         .search = "Search",
                         .options = "Options",
                         .sort = "Order",
                         .best = "Best first",
                         .newest = "Newest first",
                         .oldest = "Oldest first",
                         .from = "From",
                         .to = "To",
                         .date_hint = "as 2026, 2026-02 or 2026-02-09",
                         .total = "Results",
                         .more = "or more",
                         .dates = "Dates",
                         .sources = "Sources",
                         .every_date = "All dates",
                         .every_source = "All sources",
                         .pages = "Pages of results",
                         .earlier = "Previous",
                         .later = "Next",
                         .nothing = "Nothing was found.",
                         .advice = "Try other words of the same meaning, or fewer options.",
                         .welcome = "Articles in this index",
                         .syntax =
                             "Articles are found that have any of the words, in any form. "
                             "\"A phrase\" as it stands, +word must be there, -word must "
                             "not.",
                         .wrong = "This was not understood.",
                         .other_language = "العربية",
                         .other_digits = "Digits",
                         .suggestions = "Suggestions",
                         .skip = "To the results"},
};

const fh_page_texts *fh_page_texts_of(int language)
{
    return &table[language];
}
