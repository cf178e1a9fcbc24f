namespace Tollkeeper.Notifications;

/// <summary>How far a mail is. The numbers are stored: never renumber.</summary>
public enum MailState
{
    /// <summary>Waits for its moment.</summary>
    Queued = 0,

    /// <summary>Some node is handing it over.</summary>
    Sending = 1,

    /// <summary>Handed over: the mail server took it, or its file is written.</summary>
    Sent = 2,

    /// <summary>Given up after many tries, or too late to be of use.</summary>
    Failed = 3,

    /// <summary>Refused for good: there is no such address.</summary>
    Bounced = 4,
}
