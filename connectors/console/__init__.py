"""The staff's pages at `/console`.

kit/         forms, sessions, what every page needs      knowledge/   documents, review, test questions, unanswered
tickets/     工单, workload, monthly reports              chat/        在线对话
staff/       accounts, log-in, the audit log
"""
