"""What a story asks of its tenant must exist: policy fields, payment methods, products, refusals."""

from collections.abc import Mapping
from typing import Any

from accounts.policy.catalogues import PRESET_CATALOGUES
from accounts.policy.model import BillingPolicy
from accounts.policy.presets import PRESETS
from accounts.policy.reading import change_policy
from billing_project.errors import Code, Refusal
from playbooks.format.document import Document, Path
from playbooks.format.errors import Problem
from playbooks.format.playbook import Playbook, Step


def check_offers(playbook: Playbook, document: Document) -> list[Problem]:
    """Every problem at its line."""
    return _Checker(playbook, document).run()


class _Checker:
    def __init__(self, playbook: Playbook, document: Document) -> None:
        self.playbook = playbook
        self.document = document
        self.skus = {item.sku for item in PRESET_CATALOGUES[playbook.preset]}
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        self._products()
        policy = self._policy(PRESETS[self.playbook.preset], self.playbook.policy, ("policy",))
        self._methods(policy)
        for index, step in enumerate(self.playbook.steps):
            policy = self._step(policy, step, ("steps", index))
        return self.problems

    def _products(self) -> None:
        for index, product in enumerate(self.playbook.products):
            if product.sku in self.skus:
                self._problem(("products", index, "sku"), f"expected a new SKU; {product.sku} exists already")
            self.skus.add(product.sku)

    def _methods(self, policy: BillingPolicy) -> None:
        offered = [method.value for method in policy.payment_methods]
        for index, customer in enumerate(self.playbook.customers):
            if customer.pays and customer.pays not in offered:
                message = (
                    f"expected one of the tenant's methods ({', '.join(offered)}), found {customer.pays}"
                )
                self._problem(("customers", index, "pays"), message)

    def _step(self, policy: BillingPolicy, step: Step, path: Path) -> BillingPolicy:
        acts = step
        if step.refused is not None:
            path = (*path, "refused")
            acts = step.refused  # type: ignore[assignment]
            self._code(step.refused.code, path)
        self._skus(acts.fields, (*path, acts.verb))
        if acts.verb == "set_policy" and acts is step:
            return self._policy(policy, acts.fields, (*path, "set_policy"))
        return policy

    def _code(self, code: str, path: Path) -> None:
        if code not in {known.value for known in Code}:
            self._problem((*path, "code"), f"expected the code of a refusal, found {code}")

    def _skus(self, fields: Any, path: Path) -> None:
        self._sku(getattr(fields, "sku", None), (*path, "sku"))
        for index, line in enumerate(getattr(fields, "lines", None) or ()):
            self._sku(line.sku, (*path, "lines", index, "sku"))

    def _sku(self, sku: str | None, path: Path) -> None:
        if sku is not None and sku not in self.skus:
            known = ", ".join(sorted(self.skus)) or "there are none"
            self._problem(path, f"expected the SKU of a product ({known}), found {sku}")

    def _policy(self, policy: BillingPolicy, changes: Mapping[str, Any], path: Path) -> BillingPolicy:
        try:
            return change_policy(policy, changes)
        except Refusal as refusal:
            for problem in refusal.details["problems"]:
                message = f"expected a field of the policy and its value. {problem['message']}"
                field = (problem["field"],) if problem["field"] else ()
                self._problem((*path, *field), message)
            return policy

    def _problem(self, path: Path, message: str) -> None:
        self.problems.append(self.document.problem(path, message))
