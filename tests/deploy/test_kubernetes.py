"""The manifests, as far as no cluster is needed: they fit Kubernetes, the image, the settings and
the document.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.server import GRACEFUL_SECONDS
from app.settings import Settings
from tests.client import OPERATIONS
from tests.deploy.fields import misfits

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/kubernetes"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRET = {
    *("DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"),
    *("SECRET_KEY", "SECRET_KEYS_PREVIOUS"),
}
NEEDED = {"ENVIRONMENT", "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS"}
FILES = sorted(FOLDER.rglob("*.yaml"))
OBJECTS = {
    path.stem: yaml.safe_load(path.read_text())
    for path in FILES
    if path.name != "kustomization.yaml"
}
DEPLOYMENT = OBJECTS["deployment"]["spec"]
PODS = {"deployment": DEPLOYMENT["template"], "job": OBJECTS["job"]["spec"]["template"]}


def container_of(pod: dict[str, Any]) -> dict[str, Any]:
    (container,) = pod["spec"]["containers"]
    return dict(container)


def labels_fit(selector: dict[str, str], labels: dict[str, str]) -> bool:
    return bool(selector) and selector.items() <= labels.items()


@pytest.mark.parametrize("name", OBJECTS)
def test_every_object_has_only_fields_that_kubernetes_knows(name: str) -> None:
    assert list(misfits(OBJECTS[name])) == []


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("kustomization.yaml")), ids=str)
def test_a_kustomization_names_what_is_there_and_all_of_it(path: Path) -> None:
    found = yaml.safe_load(path.read_text())
    assert (found["apiVersion"], found["kind"]) == (
        "kustomize.config.k8s.io/v1beta1",
        "Kustomization",
    )
    there = {file.name for file in path.parent.glob("*.yaml")} - {"kustomization.yaml"}
    assert {name for name in found["resources"] if "/" not in name} == there
    for name in set(found["resources"]) - there:
        assert (path.parent / name / "kustomization.yaml").is_file()


def test_every_patch_replaces_something_that_is_there() -> None:
    overlay = yaml.safe_load((FOLDER / "overlays/production/kustomization.yaml").read_text())
    by_kind = {(found["kind"], found["metadata"]["name"]): found for found in OBJECTS.values()}
    for patch in overlay["patches"]:
        target = by_kind[patch["target"]["kind"], patch["target"]["name"]]
        for change in yaml.safe_load(patch["patch"]):
            node: Any = target
            for step in change["path"].strip("/").split("/"):
                node = node[int(step) if step.isdecimal() else step]
            assert (change["op"], type(change["value"])) == ("replace", type(node))


@pytest.mark.parametrize("name", PODS)
def test_every_variable_is_a_setting_and_secrets_are_only_referred_to(name: str) -> None:
    container = container_of(PODS[name])
    known = {field.upper() for field in Settings.model_fields}
    from_secret = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container["env"]}
    from_map = OBJECTS["configmap"]["data"].keys()

    assert from_secret.keys() <= SECRET
    assert not SECRET & from_map
    assert from_secret.keys() | from_map <= known
    assert from_secret.keys() | from_map >= NEEDED
    for variable, reference in from_secret.items():
        assert reference["key"] == variable
        assert reference.get("optional", False) == (variable not in NEEDED)
    assert container["envFrom"] == [{"configMapRef": {"name": "colophon"}}]
    assert "Secret" not in {found["kind"] for found in OBJECTS.values()}


def test_what_the_map_says_is_accepted_by_the_settings() -> None:
    values = {name.lower(): value for name, value in OBJECTS["configmap"]["data"].items()}
    key = "q7Zt0Wc5Rk2Xn8Lb4Vd6Ys1Hg9Jf3Mp0AqEwTrUyIoPlKj"
    settings = Settings(_env_file=None, secret_key=key, **values)
    assert settings.is_production


def test_the_most_pods_that_there_may_be_fit_into_a_database_of_a_hundred_connections() -> None:
    values = OBJECTS["configmap"]["data"]
    pods = OBJECTS["horizontalpodautoscaler"]["spec"]["maxReplicas"]
    each = int(values["WEB_CONCURRENCY"]) * (
        int(values["DB_POOL_SIZE"]) + int(values["DB_MAX_OVERFLOW"])
    )
    assert pods * each <= 100


@pytest.mark.parametrize(
    ("probe", "operation"),
    [
        ("startupProbe", "get_liveness"),
        ("livenessProbe", "get_liveness"),
        ("readinessProbe", "get_readiness"),
    ],
)
def test_probes_ask_operations_of_the_document(probe: str, operation: str) -> None:
    method, path, _ = OPERATIONS[operation]
    asked = container_of(PODS["deployment"])[probe]["httpGet"]
    assert (method.upper(), asked["path"], asked["port"]) == ("GET", path, "http")
    assert asked["httpHeaders"] == [{"name": "Host", "value": "localhost"}]


def test_ports_agree_from_the_image_to_the_entrance() -> None:
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    (port,) = container_of(PODS["deployment"])["ports"]
    (service,) = OBJECTS["service"]["spec"]["ports"]
    (rule,) = OBJECTS["ingress"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    (allowed,) = OBJECTS["networkpolicy"]["spec"]["ingress"]

    assert (port["name"], port["containerPort"]) == ("http", int(exposed))
    assert service["targetPort"] == port["name"]
    assert path["backend"]["service"] == {
        "name": OBJECTS["service"]["metadata"]["name"],
        "port": {"name": service["name"]},
    }
    assert [each["port"] for each in allowed["ports"]] == [int(exposed)]


def test_every_selector_selects_the_pods_of_the_service_and_no_migration() -> None:
    service = PODS["deployment"]["metadata"]["labels"]
    migration = PODS["job"]["metadata"]["labels"]
    (spread,) = DEPLOYMENT["template"]["spec"]["topologySpreadConstraints"]
    for selector in (
        DEPLOYMENT["selector"]["matchLabels"],
        OBJECTS["service"]["spec"]["selector"],
        OBJECTS["poddisruptionbudget"]["spec"]["selector"]["matchLabels"],
        spread["labelSelector"]["matchLabels"],
    ):
        assert labels_fit(selector, service)
        assert not labels_fit(selector, migration)
    policy = OBJECTS["networkpolicy"]["spec"]["podSelector"]["matchLabels"]
    assert labels_fit(policy, service)
    assert labels_fit(policy, migration)


@pytest.mark.parametrize("name", PODS)
def test_pods_have_no_more_rights_than_the_image_needs(name: str) -> None:
    (user,) = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    pod, container = PODS[name]["spec"], container_of(PODS[name])

    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user[0]),
        "runAsGroup": int(user[1]),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert container["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108 - the pod's
    assert container["resources"]["limits"].keys() == {"memory"}
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}


def test_a_pod_has_time_to_end_its_requests_after_it_was_taken_out() -> None:
    (_, seconds) = container_of(PODS["deployment"])["lifecycle"]["preStop"]["exec"]["command"]
    grace = DEPLOYMENT["template"]["spec"]["terminationGracePeriodSeconds"]
    assert grace >= int(seconds) + GRACEFUL_SECONDS + 10


def test_only_the_job_migrates() -> None:
    assert container_of(PODS["deployment"])["args"][-2:] == ["serve", "--no-migrate"]
    assert container_of(PODS["job"])["args"][-1] == "migrate"


def test_one_pod_at_a_time_may_be_away_and_one_is_left() -> None:
    budget = OBJECTS["poddisruptionbudget"]["spec"]["maxUnavailable"]
    assert OBJECTS["horizontalpodautoscaler"]["spec"]["minReplicas"] > budget
    assert DEPLOYMENT["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in DEPLOYMENT
