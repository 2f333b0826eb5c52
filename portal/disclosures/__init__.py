"""查看原文: a sealed value shown in clear, to one person, for one reason, so many times an hour."""
