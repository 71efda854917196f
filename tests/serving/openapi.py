"""Holds answers to an OpenAPI document: as much of JSON Schema as ours uses, and no more."""

import re

KNOWN = {"type", "required", "properties", "items", "enum", "anyOf", "$ref", "minimum", "maximum",
         "pattern", "default", "description", "additionalProperties"}

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
         "boolean": bool}


def check_schema(schema):
    """Raise at a keyword that is not looked at below: it would seem to hold."""
    unknown = set(schema) - KNOWN
    if unknown:
        raise ValueError(f"unknown keywords {unknown}")
    for sub in schema.get("properties", {}).values():
        check_schema(sub)
    for sub in schema.get("anyOf", []):
        check_schema(sub)
    if "items" in schema:
        check_schema(schema["items"])


class Document:
    def __init__(self, document):
        self.document = document
        for schema in document["components"]["schemas"].values():
            check_schema(schema)

    def resolve(self, schema):
        while "$ref" in schema:
            name = schema["$ref"].removeprefix("#/components/schemas/")
            schema = self.document["components"]["schemas"][name]
        return schema

    def errors(self, schema, value, at="$"):
        """What of VALUE is not as SCHEMA has it. A member that is not named is an error too: all that
        is served shall be described."""
        schema = self.resolve(schema)
        if not schema:
            return []
        if "anyOf" in schema:
            each = [self.errors(sub, value, at) for sub in schema["anyOf"]]
            return [] if any(not e for e in each) else each[0]
        kind = schema.get("type")
        if kind and (not isinstance(value, TYPES[kind])
                     or isinstance(value, bool) and kind != "boolean"):
            return [f"{at} is no {kind}"]
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{at} is {value!r}")
        if "minimum" in schema and value < schema["minimum"]:
            found.append(f"{at} is too small")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{at} is {value!r}")
        for name in schema.get("required", []):
            if name not in value:
                found.append(f"{at} has no {name}")
        if "properties" in schema and "openapi" not in value:
            for name, member in value.items():
                if name in schema["properties"]:
                    found += self.errors(schema["properties"][name], member, f"{at}.{name}")
                else:
                    found.append(f"{at}.{name} is not described")
        if "items" in schema:
            for i, item in enumerate(value):
                found += self.errors(schema["items"], item, f"{at}[{i}]")
        return found

    def path_of(self, target):
        path = target.split("?")[0]
        for name in self.document["paths"]:
            if name == path or "{" in name and path.startswith(name.split("{")[0]):
                return name
        return None

    def check(self, target, method, answer):
        """What of ANSWER is not as the document has it; an empty list when all is."""
        path = self.path_of(target)
        operation = self.document["paths"].get(path, {}).get(method.lower().replace("head", "get"))
        if not operation:
            return [] if answer.status in (401, 404, 405) else [f"{path} has no {method}"]
        status = str(answer.status)
        response = operation["responses"].get(status, operation["responses"]["default"])
        if "content" not in response:
            return [] if not answer.body else [f"{status} has a body"]
        kind = answer.header("Content-Type").split(";")[0]
        if kind not in response["content"]:
            return [f"{status} has {kind}"]
        schema = response["content"][kind].get("schema", {})
        if method == "HEAD" or "json" not in kind:
            return []
        if kind == "application/x-ndjson":
            import json
            lines = [json.loads(line) for line in answer.body.splitlines()]
            return [e for line in lines for e in self.errors(schema, line)]
        return self.errors(schema, answer.json())
