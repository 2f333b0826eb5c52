"""首页: what must I do now, and how are we doing?"""
