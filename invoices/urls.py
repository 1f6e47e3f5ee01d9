from django.urls import path

from invoices.views import documents, exports, links

app_name = "invoices"
urlpatterns = [
    path("documents/", documents.document_list, name="list"),
    path("documents/csv/", documents.document_csv, name="csv"),
    path("documents/exports/", exports.export_new, name="export_new"),
    path("documents/exports/<uuid:public_id>/", exports.export_page, name="export"),
    path("documents/exports/<uuid:public_id>/zip/", exports.export_zip, name="export_zip"),
    path("documents/<uuid:public_id>/", documents.document_detail, name="detail"),
    path("documents/<uuid:public_id>/paper/", documents.document_paper, name="paper"),
    path("documents/<uuid:public_id>/pdf/", documents.document_pdf, name="pdf"),
    path("documents/<uuid:public_id>/xml/", documents.document_xml, name="xml"),
    path("d/<str:token>/", links.link_page, name="link"),
    path("d/<str:token>/pdf", links.link_pdf, name="link_pdf"),
    path("d/<str:token>/xml", links.link_xml, name="link_xml"),
    path("d/<str:token>/page-<int:number>.png", links.link_picture, name="link_picture"),
    path("d/<str:token>/wrong/", links.link_wrong, name="link_wrong"),
    path("d/<str:token>/new/", links.link_new, name="link_new"),
]
