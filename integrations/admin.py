"""Joins the rooms' pages for staff; they sign in where everybody does."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

admin.site.login = secure_admin_login(admin.site.login)
