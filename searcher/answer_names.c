#include "searcher/fihris.h"

const char *fh_level_name(fh_level level)
{
    static const char *const names[FH_LEVELS] = {[FH_LEVEL_TYPED] = "typed",
                                                 [FH_LEVEL_FOLDED] = "folded",
                                                 [FH_LEVEL_STEM] = "stem",
                                                 [FH_LEVEL_NEAR] = "near",
                                                 [FH_LEVEL_MISSING] = "missing"};
    return names[level];
}

const char *fh_step_name(fh_step step)
{
    static const char *const names[] = {
        [FH_STEP_NEAR] = "near",         [FH_STEP_FOLDED] = "folded",
        [FH_STEP_STEM] = "stem",         [FH_STEP_ANY] = "any",
        [FH_STEP_ANYWHERE] = "anywhere", [FH_STEP_EXCLUDED] = "excluded",
        [FH_STEP_DATES] = "dates",       [FH_STEP_SOURCES] = "sources",
        [FH_STEP_BETTER] = "better",     [FH_STEP_EVERYTHING] = "everything"};
    return names[step];
}
