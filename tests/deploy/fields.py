"""The fields of Kubernetes objects that are used here, with the type of each. A field that is not
among them is a mistake, or one to be looked up in the API reference and written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TEXTS = {"*": str}
META = {"name": str, "labels": TEXTS, "annotations": TEXTS}
SELECTOR = {"matchLabels": TEXTS}
KEY = {"name": str, "key": str, "optional": bool}
PROBE = {
    "httpGet": {"path": str, "port": str, "httpHeaders": [{"name": str, "value": str}]},
    "periodSeconds": int,
    "timeoutSeconds": int,
    "failureThreshold": int,
}
CONTAINER = {
    "name": str,
    "image": str,
    "args": [str],
    "ports": [{"name": str, "containerPort": int}],
    "envFrom": [{"configMapRef": {"name": str}}],
    "env": [{"name": str, "valueFrom": {"secretKeyRef": KEY}}],
    "startupProbe": PROBE,
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
    "lifecycle": {"preStop": {"exec": {"command": [str]}}},
    "resources": {"requests": TEXTS, "limits": TEXTS},
    "securityContext": {
        "allowPrivilegeEscalation": bool,
        "readOnlyRootFilesystem": bool,
        "capabilities": {"drop": [str]},
    },
    "volumeMounts": [{"name": str, "mountPath": str}],
}
POD = {
    "serviceAccountName": str,
    "automountServiceAccountToken": bool,
    "enableServiceLinks": bool,
    "terminationGracePeriodSeconds": int,
    "restartPolicy": str,
    "securityContext": {
        "runAsNonRoot": bool,
        "runAsUser": int,
        "runAsGroup": int,
        "seccompProfile": {"type": str},
    },
    "topologySpreadConstraints": [
        {"maxSkew": int, "topologyKey": str, "whenUnsatisfiable": str, "labelSelector": SELECTOR}
    ],
    "containers": [CONTAINER],
    "volumes": [{"name": str, "emptyDir": {"medium": str, "sizeLimit": str}}],
}
TEMPLATE = {"metadata": META, "spec": POD}
PEER = {"namespaceSelector": SELECTOR, "ipBlock": {"cidr": str}}
PEER_PORT = {"port": int, "protocol": str}
SPECS: dict[tuple[str, str], dict[str, Any]] = {
    ("v1", "Namespace"): {},
    ("v1", "ServiceAccount"): {"automountServiceAccountToken": bool},
    ("v1", "ConfigMap"): {"data": TEXTS},
    ("v1", "Service"): {
        "spec": {"selector": TEXTS, "ports": [{"name": str, "port": int, "targetPort": str}]}
    },
    ("apps/v1", "Deployment"): {
        "spec": {
            "revisionHistoryLimit": int,
            "selector": SELECTOR,
            "strategy": {"rollingUpdate": {"maxSurge": int, "maxUnavailable": int}},
            "template": TEMPLATE,
        }
    },
    ("batch/v1", "Job"): {
        "spec": {
            "backoffLimit": int,
            "activeDeadlineSeconds": int,
            "ttlSecondsAfterFinished": int,
            "template": TEMPLATE,
        }
    },
    ("policy/v1", "PodDisruptionBudget"): {"spec": {"maxUnavailable": int, "selector": SELECTOR}},
    ("autoscaling/v2", "HorizontalPodAutoscaler"): {
        "spec": {
            "scaleTargetRef": {"apiVersion": str, "kind": str, "name": str},
            "minReplicas": int,
            "maxReplicas": int,
            "metrics": [
                {
                    "type": str,
                    "resource": {
                        "name": str,
                        "target": {"type": str, "averageUtilization": int},
                    },
                }
            ],
        }
    },
    ("networking.k8s.io/v1", "NetworkPolicy"): {
        "spec": {
            "podSelector": SELECTOR,
            "policyTypes": [str],
            "ingress": [{"from": [PEER], "ports": [PEER_PORT]}],
            "egress": [{"to": [PEER], "ports": [PEER_PORT]}],
        }
    },
    ("networking.k8s.io/v1", "Ingress"): {
        "spec": {
            "ingressClassName": str,
            "tls": [{"hosts": [str], "secretName": str}],
            "rules": [
                {
                    "host": str,
                    "http": {
                        "paths": [
                            {
                                "path": str,
                                "pathType": str,
                                "backend": {"service": {"name": str, "port": {"name": str}}},
                            }
                        ]
                    },
                }
            ],
        }
    },
}


def misfits(found: dict[str, Any]) -> Iterator[str]:
    """Each field that the object may not have, and each value of another type."""
    kind = found.get("apiVersion"), found.get("kind")
    known = SPECS.get(kind)  # type: ignore[arg-type]
    if known is None:
        yield f"{kind} is no known kind"
        return
    yield from _misfits(found, {"apiVersion": str, "kind": str, "metadata": META, **known}, "")


def _misfits(found: Any, wanted: Any, at: str) -> Iterator[str]:
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            yield f"{at} is no object"
            return
        for name, value in found.items():
            if name not in wanted and "*" not in wanted:
                yield f"{at}/{name} is not known"
            else:
                yield from _misfits(value, wanted.get(name, wanted.get("*")), f"{at}/{name}")
    elif isinstance(wanted, list):
        if not isinstance(found, list):
            yield f"{at} is no list"
            return
        for index, value in enumerate(found):
            yield from _misfits(value, wanted[0], f"{at}/{index}")
    elif type(found) is not wanted:
        yield f"{at} is {found!r} and no {wanted.__name__}"
