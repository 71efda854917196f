/* The OpenAPI document: paths and parameters from the tables that serve them, schemas as written here. */
#include "searcher/serve/routes.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

/* What answers look like, as JSON Schema 2020-12. Later releases may add members. */
static const char schemas[] =
    "{\"Pieces\":{\"type\":\"array\",\"description\":\"Text in pieces that match and pieces "
    "that "
    "do "
    "not.\",\"items\":{\"type\":\"object\",\"required\":[\"text\",\"match\"],\"properties\":{"
    "\"text\":{\"type\":\"string\"},\"match\":{\"type\":\"boolean\"}}}},"
    "\"Date\":{\"type\":\"string\",\"pattern\":"
    "\"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?)?)?$\"},"
    "\"Evidence\":{\"type\":\"object\",\"required\":[\"word\",\"term\",\"form\",\"title\","
    "\"score\"],\"properties\":{\"word\":{\"type\":\"string\"},\"term\":{\"type\":\"string\"},"
    "\"form\":{\"type\":\"string\"},\"title\":{\"type\":\"boolean\"},"
    "\"score\":{\"type\":\"number\"}}},"
    "\"Matched\":{\"type\":\"object\",\"required\":[\"word\",\"as\"],\"properties\":{"
    "\"word\":{\"type\":\"string\"},\"as\":{\"enum\":[\"typed\",\"folded\",\"stem\",\"near\","
    "\"missing\"]}}},"
    "\"Total\":{\"type\":\"object\",\"required\":[\"value\",\"exact\"],\"properties\":{"
    "\"value\":{\"type\":\"integer\",\"minimum\":0},\"exact\":{\"type\":\"boolean\"}}},"
    "\"Looser\":{\"type\":\"object\",\"description\":\"Another search, and what it would "
    "find.\",\"required\":[\"level\",\"total\",\"query\"],\"properties\":{"
    "\"level\":{\"type\":\"string\"},\"total\":{\"$ref\":\"#/components/schemas/Total\"},"
    "\"query\":{\"type\":\"string\"},\"without\":{\"type\":\"array\",\"description\":"
    "\"Parameters "
    "to leave out.\",\"items\":{\"enum\":[\"all\",\"from\",\"to\",\"source\"]}}}},"
    "\"Result\":{\"type\":\"object\",\"required\":[\"rank\",\"id\",\"score\"],\"properties\":{"
    "\"rank\":{\"type\":\"integer\",\"minimum\":1},\"id\":{\"type\":\"string\"},"
    "\"score\":{\"type\":\"number\"},\"title\":{\"type\":\"string\"},"
    "\"url\":{\"type\":\"string\"},\"source\":{\"type\":\"string\"},"
    "\"section\":{\"type\":\"string\"},\"date\":{\"$ref\":\"#/components/schemas/Date\"},"
    "\"title_matches\":{\"$ref\":\"#/components/schemas/Pieces\"},"
    "\"snippet\":{\"$ref\":\"#/components/schemas/Pieces\"},"
    "\"matched\":{\"type\":\"array\",\"description\":\"The words of the query, and how truly "
    "it has "
    "each.\",\"items\":{\"$ref\":\"#/components/schemas/Matched\"}},"
    "\"explain\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Evidence\"}}}},"
    "\"Answer\":{\"type\":\"object\",\"required\":[\"query\",\"total\",\"took_us\",\"results\"]"
    ","
    "\"properties\":{\"query\":{\"type\":\"string\"},\"total\":{\"type\":\"object\","
    "\"required\":[\"value\",\"exact\"],\"properties\":{\"value\":{\"type\":\"integer\","
    "\"minimum\":0},\"exact\":{\"type\":\"boolean\"}}},"
    "\"took_us\":{\"type\":\"integer\",\"minimum\":0},"
    "\"notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"better\":{\"type\":\"string\",\"description\":\"The query in the spelling that was "
    "probably "
    "meant.\"},"
    "\"looser\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Looser\"}},"
    "\"results\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Result\"}}}},"
    "\"Article\":{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"}"
    ","
    "\"source\":{\"type\":\"string\"},\"section\":{\"type\":\"string\"},"
    "\"date\":{\"$ref\":\"#/components/schemas/Date\"},"
    "\"keywords\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"body\":{\"type\":\"string\"}}},"
    "\"Suggestions\":{\"type\":\"object\",\"required\":[\"query\",\"suggestions\"],"
    "\"properties\":{\"query\":{\"type\":\"string\"},\"suggestions\":{\"type\":\"array\","
    "\"items\":{\"type\":\"object\",\"required\":[\"text\",\"articles\"],\"properties\":{"
    "\"text\":{\"type\":\"string\"},\"articles\":{\"type\":\"integer\",\"minimum\":1}}}}}},"
    "\"Stats\":{\"type\":\"object\",\"required\":[\"engine\",\"analysis\",\"generation\","
    "\"articles\",\"text_bytes\",\"index_bytes\"],\"properties\":{"
    "\"engine\":{\"type\":\"string\"},\"analysis\":{\"type\":\"string\"},"
    "\"generation\":{\"type\":\"integer\"},\"articles\":{\"type\":\"integer\"},"
    "\"text_bytes\":{\"type\":\"integer\"},\"index_bytes\":{\"type\":\"integer\"}}},"
    "\"Status\":{\"type\":\"object\",\"required\":[\"status\"],\"properties\":{"
    "\"status\":{\"enum\":[\"alive\",\"ready\"]}}},"
    "\"OpenAPI\":{\"type\":\"object\",\"required\":[\"openapi\",\"info\",\"paths\"]},"
    "\"Line\":{\"anyOf\":[{\"$ref\":\"#/components/schemas/Answer\"},"
    "{\"$ref\":\"#/components/schemas/Problem\"}]}}";

/* ---- Small steps ---- */

static void set_string(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static json_t *refer(const char *schema)
{
    json_t *reference = json_object();
    json_object_set_new(reference, "$ref", json_sprintf("#/components/schemas/%s", schema));
    return reference;
}

/* ---- Parameters ---- */

static json_t *make_parameter(const char *name, const char *where, const char *summary,
                              json_t *schema)
{
    json_t *parameter = json_object();
    set_string(parameter, "name", name);
    set_string(parameter, "in", where);
    set_string(parameter, "description", summary);
    if (strcmp(where, "path") == 0)
        json_object_set_new(parameter, "required", json_true());
    json_object_set_new(parameter, "schema", schema);
    return parameter;
}

static json_t *list_parameters(const fh_route *route)
{
    json_t *array = json_array();
    fh_parameter_table table = {0};
    if (route->parameters)
        table = route->parameters();
    for (size_t i = 0; i < table.count; i++)
        json_array_append_new(array,
                              make_parameter(table.rows[i].name, "query", table.rows[i].summary,
                                             fh_parameter_schema(&table.rows[i])));
    if (strchr(route->name, '{'))
        json_array_append_new(array, make_parameter("id", "path", "The id, percent-encoded.",
                                                    json_pack("{s:s}", "type", "string")));
    return array;
}

/* A line of a batch: an object of parameters. */
static json_t *make_line_schema(void)
{
    json_t *properties = json_object();
    fh_parameter_table table = fh_parameters_line();
    for (size_t i = 0; i < table.count; i++)
        json_object_set_new(properties, table.rows[i].name,
                            fh_parameter_schema(&table.rows[i]));
    return json_pack("{s:s,s:b,s:o}", "type", "object", "additionalProperties", 0, "properties",
                     properties);
}

/* ---- Answers ---- */

static json_t *make_content(const char *kind, json_t *schema)
{
    char bare[96];
    json_t *content = json_object();
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(kind, ";"), kind);
    json_object_set_new(content, bare, json_pack("{s:o}", "schema", schema));
    return content;
}

static json_t *make_responses(const fh_route *route)
{
    json_t *responses = json_object();
    json_t *content =
        make_content(route->kind, route->schema ? refer(route->schema)
                                                : json_pack("{s:s}", "type", "string"));
    for (const char *const *kind = route->kinds; kind && *kind; kind++)
        json_object_set_new(content, *kind, json_object());
    json_object_set_new(
        responses, "200",
        json_pack("{s:s,s:o}", "description", route->summary, "content", content));
    if (route->tagged)
        json_object_set_new(responses, "304",
                            json_pack("{s:s}", "description", "What you have is still right."));
    json_object_set_new(responses, "default",
                        json_pack("{s:s,s:o}", "description", "Something is wrong.", "content",
                                  make_content(FH_PROBLEM_KIND, refer("Problem"))));
    return responses;
}

static json_t *make_operation(const fh_route *route)
{
    json_t *operation = json_object();
    set_string(operation, "summary", route->summary);
    json_object_set_new(operation, "parameters", list_parameters(route));
    if (route->body)
        json_object_set_new(
            operation, "requestBody",
            json_pack("{s:b,s:o}", "required", 1, "content",
                      make_content("application/x-ndjson", make_line_schema())));
    json_object_set_new(operation, "responses", make_responses(route));
    if (!route->open)
        json_object_set_new(operation, "security", json_pack("[{},{s:[]}]", "key"));
    return operation;
}

static json_t *make_paths(void)
{
    size_t count;
    json_t *paths = json_object();
    const fh_route *routes = fh_routes(&count);
    for (size_t i = 0; i < count; i++)
        json_object_set_new(
            paths, routes[i].name,
            json_pack("{s:o}", routes[i].body ? "post" : "get", make_operation(&routes[i])));
    return paths;
}

/* ---- The document ---- */

static json_t *make_problem_schema(void)
{
    json_t *types = json_array();
    for (int i = FH_PROBLEM_NONE + 1; i < FH_PROBLEMS; i++)
        json_array_append_new(
            types, json_sprintf("%s%s", FH_PROBLEM_TYPE, fh_problem_name((fh_problem)i)));
    return json_pack("{s:s,s:[s,s,s],s:{s:{s:o},s:{s:s},s:{s:s},s:{s:s}}}", "type", "object",
                     "required", "type", "title", "status", "properties", "type", "enum", types,
                     "title", "type", "string", "status", "type", "integer", "detail", "type",
                     "string");
}

static json_t *make_components(void)
{
    json_t *all = json_loads(schemas, 0, NULL);
    json_object_set_new(all, "Problem", make_problem_schema());
    return json_pack("{s:o,s:{s:{s:s,s:s}}}", "schemas", all, "securitySchemes", "key", "type",
                     "http", "scheme", "bearer");
}

fh_problem fh_api_openapi(fh_reply *reply, fh_error *err)
{
    fh_parameters none;
    fh_problem problem = fh_parameters_read(reply->ask->parameters, (fh_parameter_table){0},
                                            reply->arena, &none, err);
    if (problem)
        return problem;
    json_t *document = json_pack("{s:s,s:{s:s,s:s,s:s},s:o,s:o}", "openapi", "3.1.0", "info",
                                 "title", "fihris", "version", FH_VERSION, "description",
                                 "Full-text search for Arabic.", "paths", make_paths(),
                                 "components", make_components());
    if (!document) {
        fh_fail_memory(err);
        return FH_PROBLEM_FAILED;
    }
    fh_json_write(document, reply->body);
    json_decref(document);
    fh_buffer_add_byte(reply->body, '\n');
    return FH_PROBLEM_NONE;
}
