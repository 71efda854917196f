/* The values of parameters as JSON Schema, for the descriptions that programs read. */
#include "searcher/serve/parameters.h"

#include <string.h>

/* "a|b|c" as an array. */
static json_t *list_choices(const char *choices)
{
    json_t *array = json_array();
    while (*choices) {
        size_t len = strcspn(choices, "|");
        json_array_append_new(array, json_stringn(choices, len));
        choices += len + (choices[len] == '|' ? 1 : 0);
    }
    return array;
}

json_t *fh_parameter_schema(const fh_parameter *p)
{
    static const char *const types[] = {[FH_PARAMETER_TEXT] = "string",
                                        [FH_PARAMETER_COUNT] = "integer",
                                        [FH_PARAMETER_FLAG] = "boolean",
                                        [FH_PARAMETER_CHOICE] = "string",
                                        [FH_PARAMETER_SOURCES] = "string"};
    json_t *schema = json_object();
    json_object_set_new(schema, "type", json_string(types[p->kind]));
    if (p->kind == FH_PARAMETER_CHOICE)
        json_object_set_new(schema, "enum", list_choices(p->choices));
    if (p->kind != FH_PARAMETER_COUNT)
        return schema;
    json_object_set_new(schema, "minimum", json_integer(0));
    json_object_set_new(schema, "maximum", json_integer((json_int_t)p->max));
    json_object_set_new(schema, "default", json_integer((json_int_t)p->usual));
    return schema;
}
