"""How far a role reaches, in words."""

from __future__ import annotations

from portal.access.policy import Reach

REACHES: dict[Reach, str] = {
    Reach.NATION: "全国",
    Reach.PROVINCE: "本省，结对任一方",
    Reach.PROVINCE_HOME: "本省所在",
    Reach.PROVINCE_SENT: "本省派出",
    Reach.PREFECTURE: "本地市",
    Reach.COUNTY: "本县",
    Reach.COUNTY_HOME: "本县所在",
    Reach.COUNTY_RECEIVED: "本县受援",
    Reach.ORGANISATION: "本机构",
    Reach.PARTNER: "本机构结对的另一方",
    Reach.SELF: "本人",
}
