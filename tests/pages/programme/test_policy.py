"""The policy on a date, the history of a parameter, and changing it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import AuditEvent, PairingYearTotal, PolicyParameter
from portal.changes.actions import change_parameter
from portal.compliance.rules import codes_in
from portal.programme.actions import close_work_year
from portal.programme.queries import policy_on
from tests.support.workdays import approved, assert_totals_stand

NEW_YEAR = date(2022, 1, 1)
WHY = "演示：调整口径"


def change(world, key, value, day=NEW_YEAR):
    return change_parameter(world.deed("national_officer"), key, value, day, WHY)


def stored(world, key) -> list[str]:
    wanted = sa.select(PolicyParameter.value).where(PolicyParameter.key == key)
    return list(world.session.scalars(wanted.order_by(PolicyParameter.id)))


def findings(world) -> list[str]:
    key = (world.pairing().id, 2022)
    return codes_in(world.session.get_one(PairingYearTotal, key, populate_existing=True).findings)


class TestPolicy:
    @pytest.mark.parametrize("persona", ["receiving_staff", "security_administrator"])
    def test_everybody_reads_what_is_in_force_today(self, pages, persona):
        page = pages(persona).get("/programme/policy")
        rows = {row["参数"]: row for row in page.table_rows("人数和工作日下限")}
        row = rows["援派累计工作日下限"]
        assert row["2022-11-21 的值"] == "40 天"
        assert row["自何日起"] == "2021-01-01"
        assert "二(四)2" in row["依据"]
        assert "累计不少于40个工作日" in row["依据"]
        assert row["可设定为"] == "不小于 0 的数"
        assert "办理" not in row
        assert rows["工作日下限按结对合计还是每人"]["可设定为"] == "按结对合计、按每人"
        (off,) = [row for row in page.table_rows("工作日怎样计入") if "休息日" in row["参数"]]
        assert "方案未规定，系统默认口径" in off["依据"]

    def test_money_is_written_in_yuan(self, pages):
        row = pages("county_officer").get("/programme/policy").table_rows("经费")[0]
        assert row["2022-11-21 的值"] == "30,000.00 元"
        assert "跨省帮扶3万元/家" in row["依据"]
        assert "分" not in row["可设定为"]

    def test_each_date_has_its_own_values(self, pages, world):
        change(world, "min_sent_days", "45", date(2022, 7, 1))
        client = pages("province_officer")
        for day, value in (("2022-06-30", "40 天"), ("2022-07-01", "45 天")):
            page = client.get(f"/programme/policy?on={day}")
            rows = page.table_rows("人数和工作日下限")
            assert rows[2][f"{day} 的值"] == value

    def test_says_what_it_shows_for_a_date_of_no_programme(self, pages):
        page = pages("province_officer").get("/programme/policy?on=2019-05-01")
        assert "2019-05-01 不在任何一期计划的期限内" in page.text

    def test_a_date_that_is_none_is_said_beside_the_field(self, pages):
        page = pages("province_officer").get("/programme/policy?on=gestern")
        assert "“gestern”不是日期" in page.errors[0]


class TestHistory:
    def test_shows_every_dated_row_and_which_one_holds(self, pages, world):
        change(world, "min_sent_days", "45", date(2022, 7, 1))
        change(world, "min_sent_days", "42", date(2022, 7, 1))
        change(world, "min_sent_days", "50", date(2023, 1, 1))
        rows = pages("sending_manager").get("/programme/policy/min_sent_days").table_rows(0)
        assert [(row["生效日期"], row["值"], row["状态"]) for row in rows] == [
            ("2023-01-01", "50 天", "尚未生效"),
            ("2022-07-01", "42 天", "现行"),
            ("2022-07-01", "45 天", "已被同日的后一次调整取代"),
            ("2021-01-01", "40 天", "已过"),
        ]
        assert rows[1]["理由或口径"] == WHY
        assert rows[1]["由谁、何时记入"].startswith(world.actor("national_officer").name)

    def test_knows_no_such_parameter(self, pages):
        pages("national_officer").get("/programme/policy/weather", 404)
        pages("national_officer").get("/programme/policy/weather/change", 404)


class TestChange:
    def test_shows_the_effect_first_and_changes_nothing(self, pages, world):
        approved(world)
        page = pages("national_officer").get("/programme/policy/weight_sent_onsite/change")
        before = world.count(AuditEvent)
        page = page.submit(
            button="先看影响", value="0.5", valid_from="2022-01-01", note=WHY, expect=200
        )
        assert (
            "试算结果（尚未保存）：1 条工作日志的计入情况变化，1 对结对的年度数据变化，"
            "新增未达标事项 0 项、消除 0 项。" in page.text
        )
        assert stored(world, "weight_sent_onsite") == ["1"]
        assert world.count(AuditEvent) == before
        page = page.submit(button="保存", follow=True)
        assert page.messages[0].startswith("“援派“驻点”折算系数”已调整，1 条工作日志")
        assert policy_on(world.session, NEW_YEAR)["weight_sent_onsite"] == 0.5
        assert world.count(AuditEvent) == before + 1
        assert_totals_stand(world.session)

    def test_a_limit_changes_findings_without_changing_a_day(self, pages, world):
        approved(world)
        assert "too_few_sent_days" in findings(world)
        page = pages("national_officer").get("/programme/policy/min_sent_days/change")
        values = {"value": "1", "valid_from": "2022-01-01", "note": WHY}
        page = page.submit(button="先看影响", expect=200, **values)
        assert "0 条工作日志的计入情况变化，1 对结对的年度数据变化" in page.text
        assert "新增未达标事项 0 项、消除 1 项" in page.text
        assert "too_few_sent_days" in findings(world)
        page.submit(button="保存", follow=True)
        assert "too_few_sent_days" not in findings(world)

    def test_money_is_typed_in_yuan(self, pages, world):
        page = pages("national_officer").get("/programme/policy/province_min_fen/change")
        assert page.find("[name=value]")["value"] == "30,000.00"
        page = page.submit(
            button="保存", value="35000.5", valid_from="2022-12-01", note=WHY, follow=True
        )
        assert "35,000.50 元" in [row["值"] for row in page.table_rows(0)]
        assert stored(world, "province_min_fen") == ["3000000", "3500050"]

    def test_levels_are_ticked(self, pages, world):
        page = pages("national_officer").get("/programme/policy/cert_levels/change")
        values = {"value": ["senior"], "valid_from": "2022-01-01", "note": WHY}
        page = page.submit(button="先看影响", expect=200, **values)
        assert "2 人次选派的资格认定变化" in page.text
        assert world.assignment("sent1").is_qualified
        page.submit(button="保存", follow=True)
        assert policy_on(world.session, NEW_YEAR)["cert_levels"] == ["senior"]
        assert not world.assignment("sent1").is_qualified

    def test_yes_or_no_is_chosen(self, pages, world):
        page = pages("national_officer").get("/programme/policy/allow_preparatory/change")
        page.submit(button="保存", value="是", valid_from="2022-12-01", note=WHY, follow=True)
        assert stored(world, "allow_preparatory") == ["false", "true"]

    @pytest.mark.parametrize(
        ("key", "values", "field", "sentence"),
        [
            ("min_sent_days", {"value": "viele"}, "value", "应填数字，实际为“viele”"),
            ("min_sent_staff", {"value": "2.5"}, "value", "应填整数，实际为“2.5”"),
            ("min_sent_days", {"value": "-1"}, "value", "不能为负数"),
            ("province_min_fen", {"value": "3万"}, "value", "应填金额（元，最多两位小数）"),
            ("province_min_fen", {"value": "-1"}, "value", "不能为负数"),
            ("day_step", {"value": "0.25"}, "value", "不是有效的选择"),
            ("min_sent_days", {"valid_from": "2031-01-01"}, "valid_from", "不在任何一期计划之内"),
            ("min_sent_days", {"note": " "}, "note", "请填写调整的理由或依据"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, pages, world, key, values, field, sentence):
        good = {"value": "1", "valid_from": "2022-01-01", "note": WHY}
        before = stored(world, key)
        client = pages("national_officer")
        opened = client.get(f"/programme/policy/{key}/change").form().values
        typed = {"version": opened["version"][0], **good, **values}
        page = client.post(f"/programme/policy/{key}/change", typed, expect=200)
        assert sentence in page.find(f"#{field}-error").text
        assert stored(world, key) == before

    def test_refuses_to_reach_into_a_closed_year(self, pages, world):
        close_work_year(world.deed("national_officer"), 2022, WHY)
        page = pages("national_officer").get("/programme/policy/min_sent_days/change")
        page = page.submit(button="保存", value="45", valid_from="2022-07-01", note=WHY, expect=200)
        assert "已关闭的 2022 工作年度" in page.find("#valid_from-error").text

    def test_warns_of_a_later_value_that_is_already_set(self, pages, world):
        change(world, "min_sent_days", "50", date(2023, 1, 1))
        page = pages("national_officer").get("/programme/policy/min_sent_days/change")
        assert "已定有 2023-01-01 起生效的值“50 天”" in page.text

    @pytest.mark.parametrize("persona", ["province_officer", "system_administrator"])
    def test_others_may_not(self, pages, persona):
        pages(persona).get("/programme/policy/min_sent_days/change", 403)
