# SPDX-License-Identifier: Apache-2.0
"""Checks objects of custom kinds (KEDA, Prometheus operator) against the schemas of their CustomResourceDefinitions.

    python3 crds.py CRD-FOLDER... -- RENDERED.yaml...

As an API server does it: types, required fields, enumerations, patterns; and an unknown field is an error, where a server would
drop it without a word. Exit code 1 if something is wrong, 2 if a kind has no schema in the folders.
"""

import pathlib
import sys

import jsonschema
import yaml


# A lone "=", as an enumeration of Alertmanager's has it, is text in YAML 1.2, which Kubernetes reads.
yaml.SafeLoader.add_constructor("tag:yaml.org,2002:value", yaml.SafeLoader.construct_yaml_str)


def strict(schema):
    """The schema with every object closed that does not say that it takes unknown fields."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        closed["properties"] = {name: strict(field) for name, field in schema["properties"].items()}
        if "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            closed["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    return closed


def schemas(folders):
    found = {}
    for folder in folders:
        for file in sorted(pathlib.Path(folder).glob("*.yaml")):
            for crd in yaml.safe_load_all(file.read_text()):
                if not crd or crd.get("kind") != "CustomResourceDefinition":
                    continue
                spec = crd["spec"]
                for version in spec["versions"]:
                    schema = strict(version["schema"]["openAPIV3Schema"])
                    schema["properties"]["metadata"] = {"type": "object"}
                    found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


def main(arguments):
    middle = arguments.index("--")
    known = schemas(arguments[:middle])
    groups = {version.split("/")[0] for version, _ in known}
    code = 0
    for file in arguments[middle + 1 :]:
        for thing in yaml.safe_load_all(pathlib.Path(file).read_text()):
            version, kind = thing["apiVersion"], thing["kind"]
            group = version.split("/")[0]
            if "." not in group or group.endswith(".k8s.io"):
                continue
            name = f"{pathlib.Path(file).name}: {kind} {thing['metadata']['name']}"
            if (version, kind) not in known:
                print(f"{name}: no schema for {version} (have: {', '.join(sorted(groups))})")
                code = max(code, 2)
                continue
            errors = list(jsonschema.Draft202012Validator(known[version, kind]).iter_errors(thing))
            for error in errors:
                print(f"{name}: {error.json_path}: {error.message[:300]}")
                code = 1
            if not errors:
                print(f"{name}: valid against {version}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
