"""What the model says, and that it is what the XSDs say."""

from __future__ import annotations

import itertools
import random

import pytest
import xmlschema
from xmlschema.validators import XsdComplexType, XsdElement, XsdGroup
from xmlschema.validators.models import ModelVisitor

from apim_policy.schema.compile import compiled
from apim_policy.schema.declarations import (
    ConstraintKind,
    EffectKind,
    ElementDecl,
    Expressions,
    FragmentUse,
    Message,
    Once,
    Order,
    RoleKind,
    Runs,
    Status,
    ValueKind,
)
from apim_policy.schema.files import model_file, schemas_dir
from apim_policy.schema.model import load
from apim_policy.syntax.names import POLICIES, SECTIONS
from apim_policy.syntax.tree import ROOTS

MODEL = load()


def element(name: str, *path: str) -> ElementDecl:
    found = MODEL.element(name)
    for child in path:
        found = found.children[child].element
    return found


def test_the_model_is_what_the_schemas_say() -> None:
    assert model_file().read_text(encoding="utf-8") == compiled(schemas_dir()), (
        "stale: run python -m apim_policy.schema.compile"
    )


def test_the_model_is_read_once() -> None:
    assert load() is load()
    assert MODEL.policy("choose") is MODEL.policy("choose")


def test_policies_are_known_by_their_exact_name() -> None:
    assert MODEL.is_policy("set-header")
    assert not MODEL.is_policy("Set-Header")
    assert MODEL.policy("Set-Header") is None
    assert not MODEL.is_policy("when")


def test_sections_and_roots() -> None:
    assert MODEL.sections == ("inbound", "backend", "outbound", "on-error")
    assert set(MODEL.sections) == SECTIONS
    assert set(MODEL.roots) <= ROOTS
    assert MODEL.root("inbound") is None
    assert element("policies", "inbound").message is Message.REQUEST
    assert element("policies", "outbound").message is Message.RESPONSE
    assert element("policies", "backend").any_policy
    assert "base" in element("policies", "backend").children
    assert element("fragment").any_policy
    assert "base" not in element("fragment").children


def test_the_parser_finds_its_way_by_names_that_are_policies() -> None:
    assert set(MODEL.policy_names) <= POLICIES


def test_base_is_structure() -> None:
    base = MODEL.policy("base")
    assert base is not None
    assert (base.status, base.listed, base.once) == (Status.STRUCTURAL, False, Once.SECTION)
    assert base.fragment is FragmentUse.NOT_ALLOWED
    assert "global" not in base.scopes


def test_set_url_stands_only_inside_certain_policies() -> None:
    set_url = MODEL.policy("set-url")
    assert set_url is not None
    assert (set_url.status, set_url.listed) == (Status.CHILD_ONLY, False)
    assert [role.kind for role in set_url.element.roles] == [RoleKind.URL]


def test_choose_holds_branches_and_they_hold_policies() -> None:
    choose = element("choose")
    assert (choose.order, choose.any_policy, list(choose.children)) == (
        Order.SEQUENCE,
        False,
        ["when", "otherwise"],
    )
    when, otherwise = choose.children["when"], choose.children["otherwise"]
    assert (when.min, when.max, when.positions) == (1, None, (0,))
    assert (otherwise.min, otherwise.max, otherwise.positions) == (0, 1, (1,))
    assert (when.element.any_policy, when.element.runs) == (True, Runs.IF_CHOSEN)
    condition = when.element.attributes["condition"]
    assert condition.required
    assert (condition.type.kind, condition.type.expressions) == (ValueKind.BOOLEAN, Expressions.ALLOWED)
    assert [role.kind for role in condition.roles] == [RoleKind.CONDITION]


def test_set_header_says_how_it_writes() -> None:
    name = element("set-header").attributes["name"]
    (role,) = name.roles
    assert (role.kind, role.action, role.value_child) == (RoleKind.HEADER_SET, "exists-action", "value")
    action = element("set-header").attributes["exists-action"]
    assert action.default == "override"
    assert [value.value for value in action.type.values] == ["override", "skip", "append", "delete"]


def test_a_header_that_is_read_by_default() -> None:
    (role,) = element("validate-azure-ad-token").attributes["header-name"].roles
    assert (role.kind, role.name) == (RoleKind.REQUEST_HEADER_READ, "Authorization")
    assert role.unless == ("query-parameter-name", "token-value")
    (jwt,) = element("validate-jwt").attributes["header-name"].roles
    assert (jwt.kind, jwt.name) == (RoleKind.REQUEST_HEADER_READ, None)


def test_variables_and_their_types() -> None:
    (written,) = element("set-variable").attributes["name"].roles
    assert (written.kind, written.value_attribute) == (RoleKind.VARIABLE_SET, "value")
    (token,) = element("validate-azure-ad-token").attributes["output-token-variable-name"].roles
    assert (token.kind, token.type) == (RoleKind.VARIABLE_SET, "Jwt")
    (response,) = element("return-response").attributes["response-variable-name"].roles
    assert (response.kind, response.type) == (RoleKind.VARIABLE_READ, "IResponse")


def test_return_response_ends_the_request() -> None:
    policy = MODEL.policy("return-response")
    assert policy is not None
    assert {effect.kind for effect in policy.effects} == {
        EffectKind.ENDS_REQUEST,
        EffectKind.REPLACES_RESPONSE,
    }
    assert policy.element.has_effect(EffectKind.ENDS_REQUEST)
    assert policy.element.message is Message.RESPONSE
    assert policy.element.children["set-header"].element is MODEL.element("set-header")


def test_a_body_may_be_a_template_or_foreign_xml() -> None:
    body = element("set-body")
    assert body.any_xml
    assert body.text is not None
    assert (body.text.liquid, body.text.type.expressions) == (True, Expressions.ALLOWED)


def test_only_the_documentation_demands_it() -> None:
    claim = element("validate-azure-ad-token", "required-claims", "claim").attributes["name"]
    assert (claim.required, claim.soft) == (True, True)
    tenant = element("validate-azure-ad-token").attributes["tenant-id"]
    assert (tenant.required, tenant.soft) == (True, False)


def test_texts_that_take_no_expression() -> None:
    text = element("validate-azure-ad-token", "client-application-ids", "application-id").text
    assert text is not None
    assert text.type.expressions is Expressions.NOT_ALLOWED
    assert element("choose").text is None


def test_numbers_have_their_width() -> None:
    assert element("set-status").attributes["code"].type.ranges == ((1, 2**31 - 1),)


def test_elements_that_hold_policies_of_the_pipeline_say_how_they_run() -> None:
    assert element("policies", "inbound").runs is Runs.ONCE
    assert element("fragment").runs is Runs.ONCE
    assert element("retry").runs is Runs.REPEATEDLY
    assert element("limit-concurrency").runs is Runs.ONCE
    wait = element("wait")
    assert (wait.runs, wait.any_policy, wait.min_children) == (Runs.SIDE_BY_SIDE, False, 1)
    assert wait.children["choose"].element is element("choose")
    assert element("send-request").runs is None
    assert element("return-response").runs is None


def test_a_call_of_its_own_acts_on_a_message_of_its_own() -> None:
    call = element("send-request")
    assert call.has_effect(EffectKind.CALLS_OUT)
    assert call.message is Message.CALL
    assert list(call.children)[:4] == ["set-url", "set-method", "set-header", "set-body"]
    assert (call.children["set-url"].min, call.children["set-url"].max) == (0, 1)
    assert call.children["set-url"].documentation != element("set-url").documentation
    (needed,) = call.constraints
    assert needed.kind is ConstraintKind.CHILDREN_REQUIRED_UNLESS
    assert (needed.attribute, needed.values, needed.children) == (
        "mode",
        ("copy",),
        ("set-url", "set-method"),
    )


def test_policies_that_write_authorization_by_themselves() -> None:
    (identity,) = element("authentication-managed-identity").roles
    assert (identity.kind, identity.name) == (RoleKind.REQUEST_HEADER_SET, "Authorization")
    assert identity.unless == ("output-token-variable-name",)
    (basic,) = element("authentication-basic").roles
    assert (basic.kind, basic.name, basic.unless) == (RoleKind.REQUEST_HEADER_SET, "Authorization", ())


def test_a_header_may_be_named_by_a_text() -> None:
    (role,) = element("cache-lookup", "vary-by-header").roles
    assert role.kind is RoleKind.REQUEST_HEADER_READ


def test_forwarding_buffers_only_where_it_says_so() -> None:
    forwards, buffers = element("forward-request").effects
    assert (forwards.kind, forwards.when_attribute) == (EffectKind.FORWARDS, None)
    assert (buffers.kind, buffers.when_attribute, buffers.when_value) == (
        EffectKind.BUFFERS_RESPONSE,
        "buffer-response",
        "true",
    )


def test_a_limit_that_the_network_may_set_is_a_warning() -> None:
    (limit,) = [
        found for found in element("forward-request").constraints if found.kind is ConstraintKind.RANGE
    ]
    assert (limit.attribute, limit.warn_above, limit.warning) == ("timeout", 240, True)


def test_a_child_that_sources_put_at_two_places() -> None:
    assert element("validate-jwt").children["decryption-keys"].positions == (3, 7)
    assert element("http-data-source", "http-request").children["include-fragment"].positions == (2, 5)


def test_a_form_with_a_page_of_its_own() -> None:
    policy = MODEL.policy("set-backend-service")
    assert policy is not None
    (dapr,) = policy.variants
    assert (dapr.attribute, dapr.gateways, dapr.scopes) == (
        "dapr-app-id",
        ("self-hosted",),
        ("global", "product", "api", "operation"),
    )


def test_a_resolver_is_a_policy_and_a_root() -> None:
    policy, root = MODEL.policy("http-data-source"), MODEL.root("http-data-source")
    assert policy is not None
    assert root is not None
    assert not policy.listed
    assert (policy.sections, policy.scopes) == (("resolver-root",), ("resolver",))
    assert root.element is policy.element
    assert root.snippet == policy.snippet


def test_what_real_documents_do_is_disputed_not_forbidden() -> None:
    lookup = MODEL.policy("cache-lookup-value")
    assert lookup is not None
    assert (lookup.fragment, lookup.once) == (FragmentUse.DISPUTED, None)


def test_an_address_must_have_its_form() -> None:
    url = element("proxy").attributes["url"].type
    assert (url.patterns, url.form) == ((r"http://[\s\S]*",), "an address that begins with http://")


@pytest.fixture(scope="module")
def groups() -> list[tuple[ElementDecl, XsdGroup]]:
    """Every content model with named children, beside our declaration of the same element."""
    found: list[tuple[ElementDecl, XsdGroup]] = []
    for file in ("fragment.xsd", "resolver.xsd"):
        schema = xmlschema.XMLSchema10(str(schemas_dir() / file))
        for name, declared in schema.maps.elements.items():
            if MODEL.is_policy(name) or name in MODEL.roots:
                found += pairs(MODEL.element(name), declared)
    return found


def pairs(ours: ElementDecl, theirs: XsdElement) -> list[tuple[ElementDecl, XsdGroup]]:
    if (
        not isinstance(theirs.type, XsdComplexType)
        or not isinstance(theirs.type.content, XsdGroup)
        or not ours.children
    ):
        return []
    found = [(ours, theirs.type.content)]
    for child in theirs.type.content.iter_elements():
        if isinstance(child, XsdElement) and child.ref is None:
            found += pairs(ours.children[child.local_name].element, child)
    return found


def ours_accepts(declared: ElementDecl, word: tuple[str, ...]) -> bool:
    position = 0
    for name in word:
        places = [place for place in declared.children[name].positions if place >= position]
        if not places:
            return False
        position = places[0]
    counts = {name: word.count(name) for name in declared.children}
    within = all(
        child.min <= counts[name] and (child.max is None or counts[name] <= child.max)
        for name, child in declared.children.items()
    )
    return within and len(word) >= declared.min_children


def theirs_accepts(group: XsdGroup, word: tuple[str, ...]) -> bool:
    model = ModelVisitor(group)
    for name in word:
        while model.element is not None:
            if model.element.is_matching(name):
                list(model.advance(True))
                break
            if list(model.advance()):
                return False
        else:
            return False
    return not list(model.stop())


def test_counts_and_positions_say_what_the_content_models_say(
    groups: list[tuple[ElementDecl, XsdGroup]],
) -> None:
    chance = random.Random(7)
    for declared, group in groups:
        names = list(declared.children)
        words = [word for length in range(4) for word in itertools.product(names, repeat=length)]
        words = chance.sample(words, min(len(words), 120))
        for _ in range(120):
            chosen = [name for name in names for _ in range(chance.choice((0, 1, 1, 1, 2)))]
            if chance.random() < 0.3:
                chance.shuffle(chosen)
            words.append(tuple(chosen))
        for word in words:
            assert ours_accepts(declared, word) == theirs_accepts(group, word), (declared.name, word)
