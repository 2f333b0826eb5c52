"""帮助: every topic has its page, says who may do it as the policy table does, and leads somewhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from models.types import Role, Side
from portal.access.policy import POLICY
from portal.compliance.rules import FINDING_CODES, TITLES
from portal.help import picture_words, rulebook_words
from portal.help.release_words import RELEASES
from portal.help.rules import tour_for
from portal.programme.clause_words import sentence_of
from portal.programme.policy import BY_KEY, PARAMETERS
from portal.rooms import HOUSE
from tests.support.world import PERSONAS

ROOT = Path(__file__).parents[3]
TOPICS = tuple(HOUSE.topics.values())
READERS = [
    None,
    "sending_staff",
    "receiving_manager",
    "county_officer",
    "province_officer",
    "national_officer",
    "evaluator",
    "system_administrator",
    "audit_administrator",
]


def hrefs(page, selector="main a[href]"):
    return [link["href"].partition("#")[0] for link in page.find_all(selector)]


@pytest.mark.parametrize(
    "persona", [None, "sending_staff", "county_officer", "audit_administrator"]
)
def test_the_index_leads_to_every_page_of_help(pages, persona):
    client = pages(persona)
    found = set(hrefs(client.get("/help")))
    wanted = {f"/help/{topic.slug}" for topic in TOPICS}
    wanted |= {"/help/rules", "/help/lives", "/help/releases", "/help/tour", "/feedback"}
    assert wanted <= found
    for path in sorted(wanted):
        client.get(path)


def test_the_lives_say_each_step_once_and_nest_no_brackets(pages):
    page = pages().get("/help/lives")
    rows = [tuple(row.values()) for row in page.table_rows("结对")]
    assert len(rows) == len(set(rows))
    assert "））" not in page.text


def test_what_concerns_my_role_comes_first(pages):
    page = pages("county_officer").get("/help")
    own = page.find("main section")
    assert "与您的角色有关" in own.text
    assert "核准日志" in own.text
    assert "填报工作日" not in own.text
    assert "与您的角色有关" not in pages().get("/help").text


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_a_topic_says_who_may_do_it_as_the_policy_table_does(pages, topic):
    page = pages().get(f"/help/{topic.slug}")
    assert page.h1 == topic.title
    for name in topic.permissions:
        permission = POLICY[name]
        assert permission.label in page.text
        if len(permission.reaches) < len(Role):
            for role in permission.reaches:
                assert role.label in page.text
    assert page.find("ol li")
    assert page.find("dl dt")


@pytest.mark.parametrize("persona", READERS)
def test_every_link_of_every_page_is_open_to_whoever_reads_it(pages, persona):
    client = pages(persona)
    paths = {f"/help/{topic.slug}" for topic in TOPICS} | {"/help/tour", "/help/rules"}
    linked = {link for path in paths for link in hrefs(client.get(path))}
    rules = {path for path in linked if path.startswith("/help/rules/")}
    for path in sorted(linked - paths - rules):
        client.get(path, 200, follow=True)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_whoever_may_do_it_finds_the_door(pages, topic):
    for persona, (role, _, _) in PERSONAS.items():
        if topic.door and role in POLICY[topic.door.permission].reaches:
            page = pages(persona).get(f"/help/{topic.slug}")
            assert page.find(".q-page-header__actions a")
            return
    pytest.fail(f"nobody may open the door of {topic.slug}")


def test_every_page_of_help_is_where_a_page_leads(portal):
    known = set(portal.view_functions)
    assert set(HOUSE.topic_of_page) <= known
    assert len(HOUSE.topic_of_page) == sum(len(topic.pages) for topic in TOPICS)
    doors = {door.endpoint for door in HOUSE.doors}
    without = {"home.home", "calendar.calendar", "audit.list_events", "feedback.list_inbox"}
    assert "workdays.list_workdays" in doors & set(HOUSE.topic_of_page)
    assert without <= known


def test_the_footer_leads_to_the_help_of_the_page(pages):
    client = pages("county_officer")
    page = client.get("/workdays/approval")
    found = hrefs(page, "footer a[href]")
    assert found[:2] == ["/help/approve-workdays", "/help"]
    assert found[-1] == "/feedback?page=/workdays/approval"
    assert hrefs(client.get("/password"), "footer a[href]")[0] == "/help"
    assert hrefs(pages().get("/sign-in"), "footer a[href]")[0] == "/help"


def test_a_page_of_help_that_is_not_there_is_missing(pages):
    pages().get("/help/nothing", 404)
    pages().get("/help/rules/nothing", 404)


class TestPictures:
    @pytest.mark.parametrize("one", picture_words.PICTURES, ids=lambda one: one.name)
    def test_it_exists_is_small_and_has_words(self, one):
        content = (ROOT / "static" / one.file).read_bytes()
        assert content.startswith(b"\x89PNG")
        size = (int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
        assert size == one.size
        assert size[0] <= 1000
        assert size[1] <= 700
        assert len(content) <= 60_000
        assert len(one.alt) > 10

    def test_every_picture_belongs_to_a_task_and_stands_on_its_page(self, pages):
        assert set(picture_words.BY_TOPIC) <= set(HOUSE.topics)
        for topic, found in picture_words.BY_TOPIC.items():
            images = pages().get(f"/help/{topic}").find_all("main img")
            assert [image["alt"] for image in images] == [one.alt for one in found]

    def test_every_task_has_a_picture_and_every_file_a_task(self):
        assert set(picture_words.BY_TOPIC) == set(HOUSE.topics)
        files = {f"help/{path.name}" for path in (ROOT / "static" / "help").glob("*.png")}
        assert files == {one.file for one in picture_words.PICTURES}


class TestRules:
    def test_every_parameter_has_its_page_with_the_words_of_the_plan(self, pages):
        client = pages()
        links = hrefs(client.get("/help/rules"))
        for parameter in PARAMETERS:
            assert f"/help/rules/{parameter.key}" in links
            page = client.get(f"/help/rules/{parameter.key}")
            assert page.h1 == parameter.label
            sentence = sentence_of(parameter.key, parameter.clause)
            assert (sentence or "方案没有规定") in page.text

    def test_the_value_is_the_one_in_force_and_since_when(self, pages):
        page = pages().get("/help/rules/min_sent_days")
        assert "40 天" in page.text
        assert "2021-" in page.text
        assert "援派工作日不足" in page.text

    def test_every_finding_points_at_a_rule_that_names_it(self, pages):
        assert set(rulebook_words.RULE_OF_FINDING) == set(FINDING_CODES)
        for code, key in rulebook_words.RULE_OF_FINDING.items():
            page = pages().get(f"/help/rules/{code}", follow=True)
            assert TITLES[code] in page.text
            assert page.h1 == rulebook_words.find_rule(key).label

    def test_a_finding_on_the_page_of_a_pairing_leads_to_its_rule(self, pages):
        page = pages("province_officer").get("/pairings/P1")
        assert "/help/rules/too_few_sent_days" in hrefs(page)

    def test_the_parameter_is_linked_for_whoever_has_signed_in(self, pages):
        path = "/programme/policy/min_sent_days"
        assert path in hrefs(pages("sending_staff").get("/help/rules/min_sent_days"))
        assert path not in hrefs(pages().get("/help/rules/min_sent_days"))

    def test_a_weight_causes_a_finding_of_its_own_side_only(self):
        for side in Side:
            rule = rulebook_words.find_rule(f"weight_{side.value}_online")
            assert rule.findings == (f"too_few_{side.value}_days",)

    def test_what_has_no_use_yet_says_so(self):
        unused = {
            key
            for key in BY_KEY
            if rulebook_words.find_rule(key).uses == rulebook_words.KEPT_FOR_LATER
        }
        assert unused == {"allow_preparatory"}


def test_the_newest_release_is_the_version_of_the_portal(pages):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert RELEASES[0].version == version
    assert [one.released_on for one in RELEASES] == sorted(
        (one.released_on for one in RELEASES), reverse=True
    )
    assert version in pages().get("/help/releases").text


@pytest.mark.parametrize("role", [*Role, None])
def test_the_tour_has_three_or_four_steps_and_ends_with_help(role):
    steps = tour_for([role] if role else [])
    assert 2 if role is None else 3 <= len(steps) <= 4
    assert steps[-1].endpoint == "help.show_index"
