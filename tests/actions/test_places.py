"""Loading the places, and reading them."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Authority, KeyCounty, Region, Township
from models.types import AuthorityLevel, AuthorityLine, RegionLevel, TownshipKind
from portal.deeds import Deed
from portal.places.actions import load_places
from portal.places.queries import (
    authority_on,
    count_key_counties,
    key_county_codes,
    known_region_codes,
    list_provinces,
    list_townships,
    region_name,
    region_names,
)

IN_FORCE, WITHDRAWN = 3214, 3991
DAY = date(2022, 1, 4)


def count(session: Session, model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


# ---- loading


def test_a_fresh_installation_has_every_place(session: Session) -> None:
    assert count(session, Region, Region.is_withdrawn.is_(False)) == IN_FORCE
    assert count(session, Region, Region.is_withdrawn) == WITHDRAWN
    assert count(session, Township) == 2554
    assert count(session, KeyCounty) == 160
    assert count(session, Authority) == 68


def test_a_second_loading_changes_nothing(deed: Deed) -> None:
    assert set(load_places(deed).values()) == {0}


def test_loading_inserts_what_is_missing_and_keeps_what_was_edited(deed: Deed) -> None:
    session = deed.session
    session.execute(sa.delete(Township).where(Township.code == "640303100"))
    session.execute(sa.delete(KeyCounty).where(KeyCounty.county_code == "640303"))
    session.get_one(Region, "110105").name = "朝阳区（已更正）"
    session.get_one(Authority, "CN-CCSW").valid_from = date(2023, 3, 20)
    loaded = load_places(deed)
    assert loaded == {"regions": 0, "townships": 1, "key_counties": 1, "authorities": 0}
    session.expire_all()
    assert session.get_one(Region, "110105").name == "朝阳区（已更正）"
    assert session.get_one(Authority, "CN-CCSW").valid_from == date(2023, 3, 20)


@pytest.mark.parametrize(
    ("code", "level", "parent", "province"),
    [
        ("640000", RegionLevel.PROVINCE, None, "640000"),
        ("640300", RegionLevel.PREFECTURE, "640000", "640000"),
        ("640303", RegionLevel.COUNTY, "640300", "640000"),
        ("500243", RegionLevel.COUNTY, "500000", "500000"),
    ],
)
def test_a_region_knows_its_place_in_the_tree(
    session: Session, code: str, level: RegionLevel, parent: str | None, province: str
) -> None:
    region = session.get_one(Region, code)
    assert (region.level, region.parent_code, region.province_code) == (level, parent, province)
    assert not region.is_withdrawn


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("110103", RegionLevel.COUNTY),
        ("110100", RegionLevel.PREFECTURE),
        ("830000", RegionLevel.PROVINCE),
    ],
)
def test_a_withdrawn_region_stands_outside_the_tree(
    session: Session, code: str, level: RegionLevel
) -> None:
    region = session.get_one(Region, code)
    assert (region.level, region.parent_code, region.is_withdrawn) == (level, None, True)
    assert region.province_code == f"{code[:2]}0000"


# ---- names and lists


def test_names_regions_withdrawn_ones_and_the_nation(session: Session) -> None:
    codes = ["640303", "110103", "CN", "999999"]
    assert region_names(session, codes) == {"640303": "红寺堡区", "110103": "崇文区", "CN": "全国"}
    assert region_names(session, []) == {}
    assert region_name(session, "640000") == "宁夏回族自治区"
    assert region_name(session, "999999") == "999999"


def test_lists_the_provinces_in_force_in_the_order_of_the_standard(session: Session) -> None:
    provinces = list_provinces(session)
    assert len(provinces) == 34
    assert provinces[0] == ("110000", "北京市")
    assert [one.code for one in provinces] == sorted(one.code for one in provinces)


def test_lists_the_townships_of_a_key_county(session: Session) -> None:
    townships = list_townships(session, "640303")
    assert townships[0] == ("640303001", "新民街道", TownshipKind.STREET)
    assert [one.code[:6] for one in townships] == ["640303"] * 6
    assert list_townships(session, "110105") == []


def test_knows_the_codes_with_which_an_id_number_may_begin(session: Session) -> None:
    known = known_region_codes(session)
    assert {"110105", "110103", "512301", "830000"} <= known
    assert "999999" not in known
    assert len(known) == IN_FORCE + WITHDRAWN


# ---- authorities


@pytest.mark.parametrize(
    ("line", "day", "name"),
    [
        (AuthorityLine.CIVIL, date(2021, 12, 27), "民政部"),
        (AuthorityLine.CIVIL, date(2023, 3, 15), "民政部"),
        (AuthorityLine.CIVIL, date(2023, 3, 16), "中央社会工作部"),
        (AuthorityLine.RURAL, date(2021, 2, 24), None),
        (AuthorityLine.RURAL, date(2023, 3, 7), "国家乡村振兴局"),
        (AuthorityLine.RURAL, date(2023, 3, 8), "农业农村部"),
    ],
)
def test_a_ministry_has_the_name_that_was_valid_on_the_date(
    session: Session, line: AuthorityLine, day: date, name: str | None
) -> None:
    assert authority_on(session, line, AuthorityLevel.NATION, "CN", day) == name


def test_of_two_authorities_the_one_that_began_last_is_meant(deed: Deed) -> None:
    session = deed.session
    place = (AuthorityLine.CIVIL, AuthorityLevel.PROVINCE, "510000")
    assert authority_on(session, *place, DAY) == "四川省民政厅"
    session.add(
        Authority(
            code="510000-SOCIAL",
            name="四川省委社会工作部",
            line=AuthorityLine.CIVIL,
            level=AuthorityLevel.PROVINCE,
            region_code="510000",
            valid_from=date(2024, 1, 1),
        )
    )
    session.flush()
    assert authority_on(session, *place, date(2023, 12, 31)) == "四川省民政厅"
    assert authority_on(session, *place, date(2024, 1, 1)) == "四川省委社会工作部"
    assert authority_on(session, AuthorityLine.CIVIL, AuthorityLevel.COUNTY, "510181", DAY) is None


# ---- key counties


def test_counts_the_key_counties_of_a_date(deed: Deed) -> None:
    session = deed.session
    assert count_key_counties(session, date(2021, 8, 26)) == 0
    assert count_key_counties(session, DAY) == 160
    assert count_key_counties(session, DAY, "640000") == 5
    assert count_key_counties(session, DAY, "110000") == 0
    ended = session.scalars(sa.select(KeyCounty).where(KeyCounty.county_code == "640303")).one()
    ended.valid_to = date(2024, 12, 31)
    session.flush()
    assert "640303" in key_county_codes(session, date(2024, 12, 31))
    assert "640303" not in key_county_codes(session, date(2025, 1, 1))
    assert count_key_counties(session, date(2025, 1, 1), "640000") == 4
